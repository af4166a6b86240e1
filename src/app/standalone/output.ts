import type { Snapshot } from '../../sampling/snapshot.ts';
import { printable } from '../../lib/control-characters.ts';
import type { TextOutput } from '../app-context.ts';
import { frameHeader } from './frame-header.ts';
import type { GpuView } from './gpu-view.ts';
import { jsonCycle } from './json-cycle.ts';
import { createPlainLines } from './plain-lines.ts';
import { paintLine, styled } from './styled-line.ts';
import { tableOf } from './table.ts';

/** One moment, as each form of output needs it. */
export interface Frame {
  readonly snapshot: Snapshot;
  readonly gpus: readonly GpuView[];
  /** Utilisation of the last two minutes by UUID, one value per second. */
  readonly utilSeconds: (uuid: string) => readonly (number | null)[];
  readonly url: string;
  readonly address: string;
  /** Why simulated GPUs stand in, empty otherwise. */
  readonly fallbackReason: string;
}

export interface Output {
  /** Each second. */
  tick(frame: Frame): void;
  /** After each round of analysis. */
  cycle(frame: Frame): void;
  /** A line of the log, where logs and output share a terminal. */
  log(line: string): void;
  end(): void;
}

export function jsonOutput(stdout: TextOutput, log: (line: string) => void): Output {
  return {
    tick: () => undefined,
    cycle: ({ snapshot, gpus, address }) => stdout.write(`${jsonCycle(snapshot, gpus, address)}\n`),
    log,
    end: () => undefined,
  };
}

export function plainOutput(stdout: TextOutput, log: (line: string) => void): Output {
  const lines = createPlainLines();
  return {
    tick: () => undefined,
    cycle: ({ snapshot, gpus }) => {
      for (const line of lines(gpus, new Date(snapshot.timeMs)))
        stdout.write(`${printable(line)}\n`);
    },
    log,
    end: () => undefined,
  };
}

/** The table once, for `--once` on a terminal. */
export function onceOutput(stdout: TextOutput, log: (line: string) => void): Output {
  return {
    tick: () => undefined,
    cycle: (frame) => {
      const { gpus, utilSeconds } = frame;
      const rows = gpus.map((gpu) => ({ gpu, utilSeconds: utilSeconds(gpu.uuid) }));
      const table = tableOf(rows, stdout.columns);
      for (const line of [
        ...frameHeader(frame, stdout.columns),
        styled(''),
        table.head,
        ...table.rows,
      ]) {
        stdout.write(`${paintLine(line, stdout.columns, stdout.hasColours)}\n`);
      }
    },
    log,
    end: () => undefined,
  };
}

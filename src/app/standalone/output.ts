import type { Snapshot } from '../../sampling/snapshot.ts';
import type { TextOutput } from '../app-context.ts';
import type { GpuView } from './gpu-view.ts';
import { jsonCycle } from './json-cycle.ts';
import { createPlainLines } from './plain-lines.ts';
import { createScreen } from './screen.ts';
import { tableLines } from './table.ts';

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
      for (const line of lines(gpus, new Date(snapshot.timeMs))) stdout.write(`${line}\n`);
    },
    log,
    end: () => undefined,
  };
}

/** In place, each second; what is logged stays above. */
export function liveOutput(stdout: TextOutput): Output {
  const screen = createScreen(stdout);
  return {
    tick: (frame) => screen.draw([...header(frame), ...table(frame, stdout.columns)]),
    cycle: () => undefined,
    log: (line) => screen.above(line),
    end: () => screen.end(),
  };
}

/** The table once, for `--once` on a terminal. */
export function onceOutput(stdout: TextOutput, log: (line: string) => void): Output {
  return {
    tick: () => undefined,
    cycle: (frame) => {
      for (const line of [...header(frame), ...table(frame, stdout.columns)]) {
        stdout.write(`${line}\n`);
      }
    },
    log,
    end: () => undefined,
  };
}

function header({ snapshot, url, fallbackReason }: Frame): string[] {
  const { source } = snapshot;
  const lines = [`gpu-profiler: ${source.kind ?? 'no source'}, page and /metrics at ${url}`];
  if (source.simulated) {
    const why = fallbackReason === '' ? '' : ` Why: ${fallbackReason}`;
    lines.push(`NOT REAL: the values are ${source.kind ?? ''}.${why}`);
  }
  if (!source.up) lines.push(`No readings: ${source.detail}`);
  return [...lines, ''];
}

function table({ gpus, utilSeconds }: Frame, columns: number): string[] {
  return tableLines(
    gpus.map((gpu) => ({ gpu, utilSeconds: utilSeconds(gpu.uuid) })),
    columns,
  );
}

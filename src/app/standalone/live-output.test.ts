import { describe, expect, it } from 'vitest';
import {
  heldIdle,
  lost,
  sampleView,
  stalled,
} from '../../../test/support/exposition/sample-view.ts';
import { sampleSnapshot } from '../../../test/support/exposition/sample-snapshot.ts';
import { emulatedTerminal } from '../../../test/support/terminal/emulated-terminal.ts';
import type { GpuView } from './gpu-view.ts';
import { liveOutput } from './live-output.ts';
import type { Frame } from './output.ts';

function frame(gpus: readonly GpuView[]): Frame {
  return {
    snapshot: sampleSnapshot([]),
    gpus,
    utilSeconds: () => [],
    url: 'http://127.0.0.1:9876/',
    address: '127.0.0.1:9876',
    fallbackReason: '',
  };
}

function rig(columns: number, rows: number) {
  const terminal = emulatedTerminal(columns, rows);
  let press: (input: string) => void = () => undefined;
  let quits = 0;
  let errors = '';
  const output = liveOutput({
    stdout: terminal.output,
    stderr: { ...terminal.output, write: (text) => (errors += text) },
    keys: {
      listen: (onInput) => {
        press = onInput;
        return () => (press = () => undefined);
      },
    },
    quit: () => (quits += 1),
  });
  return {
    terminal,
    output,
    press: (input: string) => press(input),
    quits: () => quits,
    errors: () => errors,
    /** Indices of the GPUs that are to be seen. */
    seen: () =>
      terminal
        .lines()
        .filter((line) => /^\d/.test(line))
        .map((line) => Number(line.split(' ')[0])),
  };
}

const sixteen = Array.from({ length: 16 }, (_, index) => sampleView(index, {}));

describe('app/standalone/live-output', () => {
  it('says how many GPUs do not fit, and scrolls to them by keys', () => {
    const { output, terminal, press, seen } = rig(80, 12);
    output.tick(frame(sixteen));
    expect(terminal.lines().length).toBeLessThanOrEqual(12);
    const first = seen().length;
    expect(first).toBeGreaterThanOrEqual(7);
    expect(terminal.lines().join('\n')).toContain(`+${16 - first} more`);
    press('\u001b[B');
    expect(seen()[0]).toBe(1);
    press('\u001b[6~\u001b[6~\u001b[6~\u001b[6~');
    expect(seen().at(-1)).toBe(15);
    expect(terminal.lines().join('\n')).toContain(`+${16 - first} above`);
    press('k');
    expect(seen().at(-1)).toBe(14);
    press('g');
    expect(seen()[0]).toBe(0);
  });

  it.each([120, 80, 40])('shows the counts whole in a terminal of %d columns', (columns) => {
    const { output, terminal } = rig(columns, 24);
    const gpus = [stalled, heldIdle, stalled].map((verdict, index) => sampleView(index, verdict));
    output.tick(frame(gpus));
    expect(terminal.lines().join('\n')).toContain('3 GPUs: 2 stalled, 1 held idle\n');
  });

  it('says nothing of more where all fit', () => {
    const { output, terminal } = rig(80, 24);
    output.tick(frame(sixteen));
    expect(terminal.lines().join('\n')).not.toContain('more');
  });

  it('has what needs attention above everything, with the counts, and few lines of it', () => {
    const { output, terminal } = rig(100, 24);
    const urgent = [sampleView(0, {}), sampleView(1, heldIdle), sampleView(2, null, lost)];
    output.tick(frame([...urgent, sampleView(3, stalled)]));
    expect(terminal.lines().slice(0, 4)).toEqual([
      '! GPU 3: Stalled: busy without drawing power, probably a hung collective',
      '! GPU 2: Lost: gpu_lost (GPU is lost)',
      '! GPU 1: Held idle for 3.2 h: 0.0 GiB held, nothing runs',
      expect.stringContaining('4 GPUs: 1 stalled, 1 lost, 1 held idle, 1 cyclic'),
    ]);
    output.tick(frame(Array.from({ length: 9 }, (_, index) => sampleView(index, stalled))));
    expect(terminal.lines()[2]).toBe('! 7 more: 7 stalled');
  });

  it('keeps the log in a footer while the table is live, and writes it at the end', () => {
    const { output, terminal, errors } = rig(80, 24);
    output.log('before the table\n');
    expect(errors()).toBe('before the table\n');
    output.tick(frame(sixteen.slice(0, 2)));
    output.log('time warn  something \u001b[2Jhappened\n');
    output.log('time warn  and more\n');
    expect(errors()).toBe('before the table\n');
    expect(terminal.lines()[0]).toContain('gpu-profiler');
    expect(terminal.lines().slice(-2)).toEqual([
      'time warn  something  [2Jhappened',
      'time warn  and more',
    ]);
    output.end();
    expect(errors()).toContain('and more');
  });

  it('keeps one line of the log in a terminal that is too low for the GPUs', () => {
    const { output, terminal } = rig(80, 12);
    output.tick(frame(sixteen));
    output.log('time error it broke\n');
    expect(terminal.lines().at(-1)).toBe('time error it broke');
    expect(terminal.lines()).toHaveLength(12);
  });

  it('ends by q and by Ctrl-C, which is no signal where single keys are read', () => {
    const { output, press, quits } = rig(80, 12);
    output.tick(frame(sixteen));
    press('q');
    press('\u0003');
    press('x\u001b[Z');
    expect(quits()).toBe(2);
  });
});

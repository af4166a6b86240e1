import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
/** util-linux and BSD have one each; only the first takes a command by -c. */
const hasScript = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux');

interface Terminal {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** All that was written to it so far. */
  written(): string;
  /** What was drawn last, over what stood there before; empty before the second time. */
  lastDrawn(): string;
  press(keys: string): void;
}

/** The program in a pseudo-terminal of that size, as a person has it. */
function inTerminal(columns: number, rows: number, args: readonly string[]): Terminal {
  const command = [process.execPath, main, 'standalone', ...args].join(' ');
  const child = spawn('script', [
    '-qefc',
    `stty cols ${columns} rows ${rows}; exec ${command}`,
    '/dev/null',
  ]);
  let written = '';
  child.stdout.on('data', (piece: Buffer) => (written += piece.toString()));
  return {
    child,
    ended: new Promise((resolve) => child.on('close', resolve)),
    written: () => written,
    lastDrawn: () => written.split('\u001b[J').slice(1).at(-1) ?? '',
    press: (keys) => void child.stdin.write(keys),
  };
}

const sixteen = [
  '--source=simulated',
  '--simulated.gpus=16',
  '--simulated.workloads=idle',
  '--web.listen-address=127.0.0.1:0',
];

describe.skipIf(!hasScript)('standalone in a terminal (needs util-linux script)', () => {
  it('says what does not fit, scrolls, keeps the log out of the table, ends by q with the cursor back', async () => {
    const terminal = inTerminal(80, 12, sixteen);
    await waitUntil(() => Promise.resolve(/\+[89] more/.test(terminal.lastDrawn())), {
      what: 'seven or, without a line of log, eight of sixteen GPUs in twelve lines',
      timeoutMs: 20_000,
    });
    const drawn = terminal.lastDrawn();
    expect(drawn).toMatch(/NOT REAL/);
    expect(drawn.split('\n').length).toBeLessThanOrEqual(12);
    expect(drawn).toMatch(/MEMORY +POWER/);
    terminal.press('\u001b[F');
    await waitUntil(() => Promise.resolve(/\n15 /.test(terminal.lastDrawn())), {
      what: 'the last GPU after the End key',
      timeoutMs: 10_000,
    });
    expect(terminal.lastDrawn()).toMatch(/\+[89] above/);
    terminal.press('q');
    expect(await terminal.ended).toBe(0);
    expect(terminal.written()).toContain('\u001b[?25h');
  });

  it('says for --once what it waits for, counting in place', async () => {
    const terminal = inTerminal(100, 24, [...sixteen, '--once', '--duration=4s']);
    expect(await terminal.ended).toBe(1);
    expect(terminal.written()).toContain('about a minute, 4 s at most');
    expect(terminal.written()).toMatch(/\r[^\n]*of 4 s: \d+ of 16 GPUs decided/);
    expect(terminal.written()).toMatch(/VERDICT[^]*watching|VERDICT[^]*idle/);
  });
});

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'restart-'));
const program = join(folder, 'program.mjs');
writeFileSync(
  program,
  `import { restartWith } from ${JSON.stringify(join(import.meta.dirname, 'restart-process.ts'))};
const { argv, execArgv, env, pid } = process;
restartWith({
  flags: ['--max-semi-space-size=1', '--expose-gc'],
  environment: { RESTART_TEST: 'ours' },
  startedWith: { argv, execArgv, environment: env },
});
const { RESTART_TEST: variable = null } = env;
console.log(JSON.stringify({ pid, execArgv, args: argv.slice(2), variable }));`,
);

/** What the program, which restarts itself, tells afterwards; `samePid`: it is still the process that was started. */
async function run(flags: readonly string[], env: Record<string, string>): Promise<unknown> {
  const child = spawn(process.execPath, [...flags, program, 'an argument'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += String(piece);
  });
  await new Promise((resolve) => child.on('close', resolve));
  const { pid, ...told } = JSON.parse(output) as { pid: number };
  return { ...told, samePid: pid === child.pid };
}

describe('lib/restart-process', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('starts the same process again with the flags and the variables', async () => {
    expect(await run(['--no-warnings'], {})).toEqual({
      samePid: true,
      execArgv: ['--no-warnings', '--max-semi-space-size=1', '--expose-gc'],
      args: ['an argument'],
      variable: 'ours',
    });
  });

  it('leaves a variable that is set as it is', async () => {
    expect(await run([], { RESTART_TEST: 'theirs' })).toMatchObject({ variable: 'theirs' });
  });

  it.each([
    ['goes on where all flags and variables are there', { RESTART_TEST: 'theirs' }, 'theirs'],
    ['starts again for a variable alone', {}, 'ours'],
  ])('%s', async (_, env, variable) => {
    expect(await run(['--expose-gc', '--max-semi-space-size=1'], env)).toEqual({
      samePid: true,
      execArgv: ['--expose-gc', '--max-semi-space-size=1'],
      args: ['an argument'],
      variable,
    });
  });
});

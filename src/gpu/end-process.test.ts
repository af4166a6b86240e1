import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** A process in which a native call sleeps for 30 s on another thread, as a driver call that hangs does. */
const program = (end: string): string => `
  import koffi from 'koffi';
  const sleep = koffi.load(null).func('sleep', 'int', ['int']);
  sleep.async(30, () => undefined);
  setTimeout(async () => {
    process.stdout.write('flushed');
    ${end}
  }, 100);`;

function run(script: string, timeoutMs: number): Promise<{ code: unknown; stdout: string }> {
  const args = ['--input-type=module-typescript', '--eval', script];
  const options = { cwd: import.meta.dirname, timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout) => {
      resolve({ code: error === null ? 0 : error.code, stdout });
    });
  });
}

describe('gpu/end-process', () => {
  it('ends the process at once with its code while a native call hangs', async () => {
    const path = join(import.meta.dirname, 'end-process.ts');
    const end = `(await import(${JSON.stringify(path)})).endProcess(7);`;
    expect(await run(program(end), 10_000)).toEqual({ code: 7, stdout: 'flushed' });
  });

  it('is needed: process.exit waits for the call', async () => {
    const { code } = await run(program('process.exit(7);'), 2500);
    expect(code).not.toBe(7);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

describe('scripts/setup/lock', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-test-'));
    file = join(folder, 'work.lock');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('lets one process at a time do the work', async () => {
    const log = join(folder, 'log');
    const program = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { withLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.mjs'))};
      for (let i = 0; i < 3; i++) await withLock(${JSON.stringify(file)}, {}, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ');
        await sleep(20);
        appendFileSync(${JSON.stringify(log)}, 'out ');
      });`;
    const runs = [1, 2, 3].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(
      runs.map(async (run) => (await once(run, 'exit'))[0] as number),
    );

    expect(codes).toEqual([0, 0, 0]);
    expect(await readFile(log, 'utf8')).toBe('in out '.repeat(9));
    expect(existsSync(file)).toBe(false);
  });

  it('breaks the lock of a process that has ended', async () => {
    const owner = spawn(process.execPath, ['-e', '']);
    await once(owner, 'exit');
    await writeFile(file, JSON.stringify({ host: hostname(), pid: owner.pid, started: '1' }));
    const waitedFor: number[] = [];

    const result = await withLock(
      file,
      { onWait: (pid) => waitedFor.push(pid) },
      async () => 'done',
    );

    expect(result).toBe('done');
    expect(waitedFor).toEqual([]);
  });

  it('breaks the lock of another process that got the same process id', async () => {
    await writeFile(file, JSON.stringify({ host: hostname(), pid: process.pid, started: '1' }));

    expect(await withLock(file, {}, async () => 'done')).toBe('done');
  });

  it('tells whom it waits for, and gives the lock back when the work throws', async () => {
    const waitedFor: number[] = [];
    let release = (): void => undefined;
    const first = withLock(file, {}, () => new Promise<void>((resolve) => (release = resolve)));
    const second = withLock(
      file,
      {
        onWait: (pid) => {
          waitedFor.push(pid);
          release();
        },
      },
      async () => {
        throw new Error('broken work');
      },
    );

    await first;
    await expect(second).rejects.toThrow('broken work');
    expect(waitedFor).toEqual([process.pid]);
    expect(existsSync(file)).toBe(false);
  });
});

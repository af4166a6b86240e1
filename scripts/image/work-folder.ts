import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endCommands, runCommand } from './command.ts';

const prefix = 'gpu-profiler-image-build-';

export interface WorkFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * A folder for this run, with all that an engine stores. It goes when the run ends, also by a signal; what a run that was
 * killed has left behind goes at the next one.
 */
export async function makeWorkFolder(): Promise<WorkFolder> {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await removeFolder(join(tmpdir(), name));
  }
  const path = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const end = (): void => {
    endCommands();
    rmSync(path, { recursive: true, force: true, maxRetries: 10 });
    process.exit(130);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  return {
    path,
    remove: async () => {
      for (const signal of signals) process.off(signal, end);
      await removeFolder(path);
    },
  };
}

/** Files of an engine that runs for a user who is not root belong to ids of that user's namespace. */
async function removeFolder(path: string): Promise<void> {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await runCommand('unshare', ['--map-auto', '--map-root-user', 'rm', '-rf', path], {
      what: `remove ${path}`,
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

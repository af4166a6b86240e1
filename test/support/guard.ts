import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Starts a program that waits for the end of its standard input, which only this process holds open, and then clears up:
 * whenever and however this process ends, SIGKILL included.
 */
export function startGuard(command: string, args: readonly string[]): ChildProcess {
  const guard = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  return guard;
}

import { spawn } from 'node:child_process';
import { messageOf } from '../../../src/lib/errors.ts';
import { exitOnSignals } from '../exit-on-signal.ts';

export interface CommandResult {
  /** Exit code; null when it could not be started, was killed, or ran past its time. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit code. */
  readonly problem: string | undefined;
}

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Text for its standard input, which is empty otherwise. */
  readonly input?: string;
}

/** Runs a command to its end and keeps its output. Never throws: whatever goes wrong is in the result. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    let problem: string | undefined;
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const timer = setTimeout(() => {
      problem = `it did not end within ${options.timeoutMs / 1000} s`;
      killGroup(child.pid);
    }, options.timeoutMs);
    const onExit = (): void => killGroup(child.pid);
    exitOnSignals();
    process.once('exit', onExit);
    const finish = (code: number | null): void => {
      clearTimeout(timer);
      process.off('exit', onExit);
      resolve({ code, stdout, stderr, problem });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => {
      problem ??= messageOf(error);
      finish(null);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) problem ??= `it was ended by ${signal}`;
      finish(problem === undefined ? code : null);
    });
  });
}

/** Why a command failed, with the end of what it said. */
export function failureOf(result: CommandResult): string {
  const said = lastLines(`${result.stdout}\n${result.stderr}`, 6);
  const how = result.problem ?? `it ended with code ${result.code}`;
  return said === '' ? how : `${how}: ${said}`;
}

export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

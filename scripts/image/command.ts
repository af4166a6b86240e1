import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** Shown in progress lines: `npm ci, bundle, image`. */
  readonly what: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Its output goes to stderr as it comes; otherwise only its end is told, in the error. */
  readonly verbose?: boolean;
  readonly timeoutMs?: number;
}

const children = new Set<number>();

/** Runs a program to its end and returns its stdout. @throws with the end of what it said when it fails. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own group, so that it can be ended with its children.
      detached: true,
    });
    const { pid } = child;
    if (pid !== undefined) children.add(pid);
    let stdout = '';
    let said = '';
    const hear = (text: string): void => {
      said = (said + text).slice(-8000);
      if (options.verbose === true) process.stderr.write(text);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      hear(text);
    });
    child.stderr.setEncoding('utf8').on('data', hear);
    const timer = setTimeout(() => endGroup(pid), options.timeoutMs ?? 30 * 60_000);
    const finish = (failure: string | undefined): void => {
      clearTimeout(timer);
      if (pid !== undefined) children.delete(pid);
      if (failure === undefined) resolve(stdout);
      else reject(new Error(`${options.what}: ${failure}${endOf(said)}`));
    };
    child.on('error', (error) => finish(error.message));
    child.on('close', (code, signal) => {
      finish(code === 0 ? undefined : `${command} ended with ${signal ?? `code ${code}`}`);
    });
  });
}

/** Ends all that still runs, with their children. */
export function endCommands(): void {
  for (const pid of children) endGroup(pid);
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function endOf(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? '' : `\n    ${lines.slice(-15).join('\n    ')}`;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { exitOnSignals } from './exit-on-signal.ts';
import { startGuard } from './guard.ts';
import { lastLines } from './parts/run-command.ts';

/** A started program: its own process group, its output in a file, and gone when this process is gone. */
export interface StartedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** How it ended; undefined while it runs. */
  readonly ended: () => { code: number | null; signal: NodeJS.Signals | null } | undefined;
  /** Resolves when it has ended. */
  readonly exit: Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** SIGTERM, and SIGKILL to its whole group when it has not ended within `graceMs`. */
  readonly stop: (graceMs?: number) => Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** stdout and stderr are appended to it. */
  readonly logFile: string;
  /** Removed when this process dies without having ended the program. */
  readonly folder?: string;
  /** When set, stdout goes to this file instead. */
  readonly stdoutFile?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const running = new Set<ChildProcess>();
let watching = false;

export function startProcess(options: ProcessOptions): StartedProcess {
  endChildrenWithUs();
  const log = openSync(options.logFile, 'a');
  const out = options.stdoutFile === undefined ? log : openSync(options.stdoutFile, 'a');
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', out, log],
    // Its own group, so that its children can be ended with it.
    detached: true,
  });
  closeSync(log);
  if (out !== log) closeSync(out);
  const { pid } = child;
  if (pid === undefined) {
    child.on('error', () => undefined);
    throw new Error(`${options.name}: ${options.command} could not be started`);
  }
  const guard = guardGroup(pid, options.folder);
  running.add(child);
  let ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  const exit = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      ended = { code, signal };
      running.delete(child);
      guard.kill('SIGKILL');
      resolve();
    });
  });
  const stop = async (graceMs = 10_000): Promise<void> => {
    if (ended !== undefined) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => killGroup(pid), graceMs);
    await exit;
    clearTimeout(timer);
  };
  return {
    name: options.name,
    pid,
    logFile: options.logFile,
    ended: () => ended,
    exit,
    signal: (signal) => {
      if (ended === undefined) child.kill(signal);
    },
    stop,
  };
}

/** The last lines of a log file, for error messages. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    return `the end of ${logFile}:\n${lastLines(readFileSync(logFile, 'utf8'), lines)}`;
  } catch {
    return `${logFile} cannot be read`;
  }
}

/** Ends the group and removes the folder when this process dies without a chance to do so itself. */
function guardGroup(group: number, folder = ''): ChildProcess {
  const script =
    'read -r _; kill -s KILL -- "-$1" 2>/dev/null; [ -z "$2" ] || { sleep 1; rm -rf "$2"; }';
  return startGuard('/bin/sh', ['-c', script, 'guard', `${group}`, folder]);
}

function endChildrenWithUs(): void {
  if (watching) return;
  watching = true;
  process.on('exit', killAll);
  exitOnSignals();
}

function killAll(): void {
  for (const child of running) killGroup(child.pid);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

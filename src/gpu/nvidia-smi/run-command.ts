import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { SourceError } from '../source.ts';

export interface RunOptions {
  /** A name found in PATH, or a file. */
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
}

/** A started run. `ended` resolves when the process is really gone, which may be long after `result` has failed (a call stuck in the driver). */
export interface CommandRun {
  readonly result: Promise<RunResult>;
  readonly ended: Promise<void>;
}

/** The dump of 16 GPUs with hundreds of processes is below 1 MiB. */
const maxOutputBytes = 16 * 2 ** 20;

/**
 * Runs a command without a shell. `result` fails with a SourceError: `command_missing`, `no_permission`, `timeout` (killed, with all it started),
 * `bad_output` (endless output) or `command_failed` (aborted, or not startable for another reason). An exit code is no failure here.
 */
export function runCommand(options: RunOptions): CommandRun {
  const { command, args, timeoutMs, signal } = options;
  // Its own process group, so that a wrapper script (ssh, sudo, a container tool) dies with what it started.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => {
      if (child.pid === undefined) resolve();
    });
  });
  const result = new Promise<RunResult>((resolve, reject) => {
    const stop = (error: SourceError): void => {
      killGroup(child);
      // An unkillable child must hold neither our result nor our exit.
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      settle(() => reject(error));
    };
    const onAbort = (): void => stop(new SourceError('command_failed', `${command} was aborted`));
    const timer = setTimeout(() => {
      stop(
        new SourceError('timeout', `${command} gave no answer within ${timeoutMs} ms`, {
          hint: 'The driver may hang: see the kernel log (dmesg | grep -i nvrm). It is tried again.',
        }),
      );
    }, timeoutMs);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const stdout = collect(child.stdout, () => stop(tooMuch(command)));
    const stderr = collect(child.stderr, () => stop(tooMuch(command)));
    child.once('error', (error) => settle(() => reject(startFailure(command, error))));
    child.once('close', (exitCode) => {
      settle(() => resolve({ stdout: stdout(), stderr: stderr(), exitCode }));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  return { result, ended };
}

function collect(stream: NodeJS.ReadableStream, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxOutputBytes) onTooMuch();
    else chunks.push(chunk);
  });
  stream.on('error', () => undefined);
  return () => Buffer.concat(chunks).toString('utf8');
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function tooMuch(command: string): SourceError {
  return new SourceError('bad_output', `${command} printed more than ${maxOutputBytes} bytes`, {
    hint: 'Check that the command is nvidia-smi (--nvidia-smi.command).',
  });
}

function startFailure(command: string, cause: unknown): SourceError {
  const code = codeOf(cause);
  if (code === 'ENOENT') {
    return new SourceError('command_missing', `${command} was not found`, {
      cause,
      hint: 'Install the NVIDIA driver utilities, or give the path with --nvidia-smi.command.',
    });
  }
  if (code === 'EACCES') {
    return new SourceError('no_permission', `${command} may not be executed`, {
      cause,
      hint: 'Make the file executable for this user.',
    });
  }
  return new SourceError('command_failed', `${command} cannot be started: ${messageOf(cause)}`, {
    cause,
  });
}

import { spawn } from 'node:child_process';
import type { Server } from 'node:net';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** As `| true` does: nobody reads stdout. */
  readonly closeStdout?: boolean;
  /** Called once the program has connected to a server. */
  readonly whenConnected?: { readonly to: Server; readonly act: (kill: Kill) => void };
  /** Called once stderr matches; gets the means to signal. */
  readonly when?: { readonly stderr: RegExp; readonly act: (kill: Kill, stderr: string) => void };
}
export type Kill = (signal: NodeJS.Signals) => void;

/** The real program as a child, without settings of this process. */
export function runProgram(
  args: readonly string[],
  { env = {}, when, whenConnected, closeStdout = false }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GPU_PROFILER_'));
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...Object.fromEntries(own), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (closeStdout) child.stdout.destroy();
    whenConnected?.to.once('connection', () => whenConnected.act((signal) => child.kill(signal)));
    let stdout = '';
    let stderr = '';
    let pending = when;
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (pending?.stderr.test(stderr) !== true) return;
      const { act } = pending;
      pending = undefined;
      act((signal) => child.kill(signal), stderr);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

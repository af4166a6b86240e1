import { spawn } from 'node:child_process';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', '..', '..', 'src', 'main.ts');

export interface CleanupRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** `gpu-profiler cleanup` as a process of its own, from the sources, until it ends. `stop`: ends it by SIGTERM when it resolves. */
export function runCleanup(args: readonly string[], stop?: Promise<unknown>): Promise<CleanupRun> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [main, 'cleanup', ...args], { timeout: 120_000 });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr, seconds: (performance.now() - startedMs) / 1_000 });
    });
    void stop?.then(() => child.kill('SIGTERM'));
  });
}

interface Keys {
  readonly node: string;
  readonly keys: readonly string[];
}

/** What --json prints. */
export interface CleanupJson {
  readonly clean: boolean;
  readonly nodes: number | null;
  readonly removed: readonly Keys[];
  readonly left: readonly (Keys & { readonly reason: string; readonly detail: string })[];
  readonly others: readonly Keys[];
  readonly verified: boolean;
  readonly deployment: { readonly outcome?: string; readonly replicasBefore?: number } | null;
  readonly controllerRunning: boolean | null;
  readonly lease: { readonly found: string; readonly outcome: string } | null;
  readonly problem: { readonly code?: string; readonly detail: string } | null;
}

/** The one object on stdout. */
export function jsonOf({ stdout, stderr }: CleanupRun): CleanupJson {
  const lines = stdout.trim().split('\n');
  if (lines.length !== 1) throw new Error(`not one line on stdout: ${stdout}\n${stderr}`);
  return JSON.parse(stdout) as CleanupJson;
}

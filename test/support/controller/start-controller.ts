import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../port.ts';
import { makeDataDir, Service, startService } from '../service.ts';

const main = join(import.meta.dirname, '..', '..', '..', 'src', 'main.ts');

/** The controller as a process of its own, from the sources, ready when it answers /healthz. */
export async function startController(args: readonly string[]): Promise<Service> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return startService(
    new Service({
      name: 'controller',
      url,
      command: process.execPath,
      args: [main, 'controller', `--web.listen-address=127.0.0.1:${port}`, ...args],
      dataDir: await makeDataDir('controller'),
      readyWithinMs: 30_000,
      isReady: async () => (await fetch(`${url}/healthz`)).ok,
    }),
  );
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the controller until it ends by itself. */
export function runController(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, 'controller', ...args], {
      env: { ...process.env, ...env },
      timeout: 60_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** One value of the controller's own metrics; undefined when the series is absent. */
export async function metricOf(controller: Service, series: string): Promise<number | undefined> {
  const response = await fetch(`${controller.url}/metrics`);
  const line = (await response.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

export interface Readiness {
  readonly ok: boolean;
  readonly problems: readonly { readonly code: string; readonly detail: string }[];
}

export async function readinessOf(controller: Service): Promise<Readiness> {
  return (await (await fetch(`${controller.url}/readyz`)).json()) as Readiness;
}

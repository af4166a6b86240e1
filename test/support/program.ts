import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './port.ts';
import { makeDataDir, Service, startService } from './service.ts';

const root = join(import.meta.dirname, '..', '..');

export interface ProgramOptions {
  /** Name in logs and messages. */
  readonly name: string;
  readonly mode: 'collector' | 'controller' | 'standalone';
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The program as it ships (the bundle in dist/), as a child process on a free port, ready when it answers /healthz.
 * @throws when dist/ is not built.
 */
export async function startProgram(options: ProgramOptions): Promise<Service> {
  const bundle = join(root, 'dist', 'main.js');
  if (!existsSync(bundle)) throw new Error('dist/main.js is not there: run `npm run build`');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return startService(
    new Service({
      name: options.name,
      url,
      command: process.execPath,
      args: [bundle, options.mode, `--web.listen-address=127.0.0.1:${port}`, ...options.args],
      env: { ...process.env, ...options.env },
      dataDir: await makeDataDir(options.name),
      readyWithinMs: 30_000,
      isReady: async () => {
        const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) });
        await response.arrayBuffer();
        return response.ok;
      },
    }),
  );
}

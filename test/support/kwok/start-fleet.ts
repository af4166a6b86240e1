import { join } from 'node:path';
import { freePort } from '../port.ts';
import { startProgram } from '../program.ts';
import { answersOk, makeDataDir, Service, startService } from '../service.ts';
import { templates } from './fleet-plan.ts';

const script = join(import.meta.dirname, 'scrape-proxy.ts');

/** What answers the scrapes of all nodes. */
export interface Fleet {
  readonly proxyUrl: string;
  stop(): Promise<void>;
}

/** Starts a real collector per kind of node, and the proxy that makes a thousand out of them. */
export async function startFleet(): Promise<Fleet> {
  const parts: Service[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.toReversed()) await part.stop();
  };
  try {
    for (const { name, args } of templates) {
      parts.push(
        await startProgram({ name, mode: 'collector', args: [`--node-name=${name}`, ...args] }),
      );
    }
    const proxy = await startProxy(parts.map(({ url }) => url));
    parts.push(proxy);
    return { proxyUrl: proxy.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startProxy(collectors: readonly string[]): Promise<Service> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return startService(
    new Service({
      name: 'scrape-proxy',
      url,
      command: process.execPath,
      args: [script, `--port=${port}`, ...collectors.map((collector) => `--template=${collector}`)],
      dataDir: await makeDataDir('scrape-proxy'),
      isReady: () => answersOk(`${url}/healthz`),
    }),
  );
}

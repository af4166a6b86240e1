import { readFileSync } from 'node:fs';
import { createServer, request, Agent, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ApiServer } from '../../apiserver.ts';
import type { FaultCounts } from '../control-channel.ts';
import { bridge } from './network.ts';
import { runOrThrow } from './run-or-throw.ts';

const port = 6444;
const table = 'gpu-profiler-faults';

/**
 * Stands between pods and the API server while it is on: new connections of pods to the service address come here, and each
 * nth request of them is answered with 500 or 503 instead of being passed on. The node's own processes are left alone.
 */
export class FaultyApi {
  readonly #apiServer: ApiServer;
  readonly #agent = new Agent({ keepAlive: true });
  #server: Server | undefined;
  #every = 0;
  #counts = { requests: 0, failed: 0 };

  constructor(apiServer: ApiServer) {
    this.#apiServer = apiServer;
  }

  /** From now on each nth request of pods fails; 0: none, and pods talk to the API server itself again. Returns what was counted so far. */
  async set(every: number): Promise<FaultCounts> {
    const counts = this.#counts;
    if (every > 0 && this.#server === undefined) await this.#start();
    if (every === 0) await this.#stop();
    this.#every = every;
    this.#counts = { requests: 0, failed: 0 };
    return counts;
  }

  async #start(): Promise<void> {
    const certificates = join(this.#apiServer.dataDir, 'certs');
    const server = createServer(
      {
        cert: readFileSync(join(certificates, 'apiserver.crt')),
        key: readFileSync(join(certificates, 'apiserver.key')),
      },
      (asked, answer) => this.#answer(asked, answer),
    );
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(port, '0.0.0.0', resolve);
    });
    this.#server = server;
    // Before kube-proxy looks at the packet.
    await nft(
      `add table ip ${table}`,
      `add chain ip ${table} prerouting { type nat hook prerouting priority dstnat - 10; }`,
      `add rule ip ${table} prerouting iifname ${bridge} ip daddr 10.96.0.1 tcp dport 443 redirect to :${port}`,
    );
  }

  async #stop(): Promise<void> {
    if (this.#server === undefined) return;
    await nft(`delete table ip ${table}`);
    this.#server.closeAllConnections();
    this.#server.close();
    this.#server = undefined;
  }

  #answer(asked: IncomingMessage, answer: ServerResponse): void {
    const counts = this.#counts;
    counts.requests += 1;
    if (counts.requests % this.#every === 0) {
      counts.failed += 1;
      const code = counts.failed % 2 === 0 ? 500 : 503;
      const status = {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        code,
        message: 'injected',
      };
      answer.writeHead(code, { 'content-type': 'application/json' });
      answer.end(JSON.stringify(status));
      return;
    }
    const { url, files } = this.#apiServer;
    const passed = request(
      new URL(asked.url ?? '/', url),
      {
        method: asked.method ?? 'GET',
        headers: asked.headers,
        ca: readFileSync(files.caFile),
        agent: this.#agent,
        servername: 'localhost',
      },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }
}

async function nft(...commands: string[]): Promise<void> {
  for (const command of commands) await runOrThrow('nft', [command]);
}

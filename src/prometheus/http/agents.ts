import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { messageOf } from '../../lib/errors.ts';
import { PrometheusError } from '../errors.ts';
import type { PrometheusOptions } from '../prometheus-options.ts';
import { WatchedFile } from './watched-file.ts';

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

const idleTimeoutMs = 60_000;

/** The pool of kept connections; made anew, with the new certificates, when one of their files changes. */
export class AgentPool {
  readonly #options: PrometheusOptions;
  readonly #files: Readonly<Record<'ca' | 'cert' | 'key', WatchedFile | null>>;
  readonly #httpAgent: HttpAgent;
  #httpsAgent: HttpsAgent | null = null;
  #versions = '';

  constructor(options: PrometheusOptions) {
    this.#options = options;
    const watched = (path: string | null | undefined): WatchedFile | null =>
      path ? new WatchedFile(path) : null;
    this.#files = {
      ca: watched(options.caFile),
      cert: watched(options.certFile),
      key: watched(options.keyFile),
    };
    this.#httpAgent = new HttpAgent(this.#poolOptions());
  }

  async get(): Promise<Agents> {
    const ca = await this.#files.ca?.read();
    const cert = await this.#files.cert?.read();
    const key = await this.#files.key?.read();
    const { ca: caFile, cert: certFile, key: keyFile } = this.#files;
    const versions = `${caFile?.version}/${certFile?.version}/${keyFile?.version}`;
    if (this.#httpsAgent === null || versions !== this.#versions) {
      const agent = this.#makeHttpsAgent({
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
      });
      if (this.#httpsAgent !== null) closeIdle(this.#httpsAgent);
      this.#httpsAgent = agent;
      this.#versions = versions;
    }
    return { httpAgent: this.#httpAgent, httpsAgent: this.#httpsAgent };
  }

  close(): void {
    this.#httpAgent.destroy();
    this.#httpsAgent?.destroy();
  }

  #makeHttpsAgent(files: { ca?: string; cert?: string; key?: string }): HttpsAgent {
    try {
      return new HttpsAgent({
        ...this.#poolOptions(),
        ...files,
        rejectUnauthorized: this.#options.insecureSkipVerify !== true,
      });
    } catch (error) {
      throw new PrometheusError('tls_failed', 'the certificate files cannot be used', {
        cause: messageOf(error),
      });
    }
  }

  #poolOptions(): { keepAlive: true; maxSockets: number; timeout: number } {
    const maxSockets = this.#options.maxConnections ?? 4;
    // A connection that has been silent for longer than any query may take is of no use either.
    const timeout = Math.max(idleTimeoutMs, this.#options.timeoutMs * 2);
    return { keepAlive: true, maxSockets, timeout };
  }
}

/** Queries under way on the old pool may end; what waits there is closed. */
function closeIdle(agent: HttpsAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}

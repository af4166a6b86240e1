import type { Readable } from 'node:stream';
import axios, { type AxiosResponse } from 'axios';
import { withoutTrailingSlashes } from '../../lib/trailing-slashes.ts';
import { PrometheusError } from '../errors.ts';
import type { PrometheusOptions } from '../prometheus-options.ts';
import { AgentPool } from './agents.ts';
import { readCapped } from './capped-body.ts';
import { Credentials } from './credentials.ts';
import { isReset, transportFailure } from './transport-failure.ts';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  /** Target of a redirect, else empty. Redirects are never followed: credentials would travel along. */
  readonly location: string;
  /** The Date header, else empty. */
  readonly date: string;
  readonly body: Buffer;
}

export interface Request {
  /** Below the base path: `/api/v1/query`. */
  readonly path: string;
  /** Sent as a form by POST, so that long expressions meet no limit of URLs; absent: GET. */
  readonly form?: URLSearchParams;
  readonly signal: AbortSignal;
}

/** HTTP to one Prometheus: credentials, connections, time-out, cap. Says nothing about what the answer means. */
export class Transport {
  /** The server without credentials, for messages. */
  readonly where: string;
  readonly #options: PrometheusOptions;
  readonly #base: string;
  readonly #agents: AgentPool;
  readonly #credentials: Credentials;

  constructor(options: PrometheusOptions) {
    const url = new URL(options.url);
    const userInfo = url.username !== '' || url.password !== '';
    this.where = `${url.protocol}//${url.host}${withoutTrailingSlashes(url.pathname)}`;
    if (userInfo) {
      throw new PrometheusError('unauthorized', 'prometheus.url must not hold a user or password', {
        hint: 'Use prometheus.basic-auth.username and prometheus.basic-auth.password-file.',
      });
    }
    this.#base = this.where;
    this.#options = options;
    this.#agents = new AgentPool(options);
    this.#credentials = new Credentials(options);
  }

  /**
   * Sends a request and reads the answer, whatever its status. Asked twice where the connection had been closed meanwhile.
   * @throws {PrometheusError} what failed below the meaning of the answer; the reason of `signal` when that aborts.
   */
  async send(request: Request): Promise<Reply> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = AbortSignal.any([request.signal, timeout]);
    try {
      return await this.#sendOnce(request, signal).catch(async (error: unknown) => {
        if (!isReset(error) || signal.aborted) throw error;
        return await this.#sendOnce(request, signal);
      });
    } catch (error) {
      request.signal.throwIfAborted();
      if (timeout.aborted) {
        throw new PrometheusError(
          'timeout',
          `no complete answer from ${this.where} within ${this.#options.timeoutMs} ms`,
        );
      }
      throw transportFailure(error, this.where);
    }
  }

  close(): void {
    this.#agents.close();
  }

  async #sendOnce(request: Request, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    const agents = await this.#agents.get();
    const response: AxiosResponse<Readable> = await axios.request({
      ...agents,
      url: this.#base + request.path,
      method: request.form === undefined ? 'GET' : 'POST',
      data: request.form?.toString(),
      headers: {
        ...this.#options.headers,
        ...(await this.#credentials.headers()),
        accept: 'application/json',
        'accept-encoding': this.#options.gzip === true ? 'gzip' : 'identity',
        ...(request.form === undefined
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded' }),
        'user-agent': 'gpu-profiler',
      },
      responseType: 'stream',
      decompress: true,
      maxRedirects: 0,
      maxBodyLength: Infinity,
      maxContentLength: -1,
      proxy: false,
      validateStatus: () => true,
      signal,
    });
    const stream = response.data;
    const stop = (): void => void stream.destroy(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      return {
        status: response.status,
        contentType: headerText(response.headers['content-type']),
        location: headerText(response.headers['location']),
        date: headerText(response.headers['date']),
        body: await readCapped(stream, this.#options.maxBodyBytes),
      };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

function headerText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

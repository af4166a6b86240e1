import type { IncomingMessage } from 'node:http';

import type { Clock } from '../lib/clock.ts';
import { withoutTrailingSlashes } from '../lib/trailing-slashes.ts';
import { createAgentPool, type AgentPool } from './agent-pool.ts';
import { ApiError, isApiError } from './api-error.ts';
import { readLines, readText, type BodyLimits } from './body.ts';
import type { ClusterAccess } from './client.ts';
import { createCredentialsCache } from './credentials-cache.ts';
import { exchange } from './exchange.ts';
import { statusError } from './status-error.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the API: /api/v1/nodes. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default application/json. */
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal: AbortSignal;
  /** Default 10 s. */
  readonly headerTimeoutMs?: number;
  /** Default 30 s for a whole body. */
  readonly bodyTimeoutMs?: number;
  /** Asked when the connection stands and before a byte is sent; false: ApiError `not_sent`. */
  readonly maySend?: () => boolean;
}

export interface WatchRequest extends ApiRequest {
  /** Nothing for this long: the connection counts as dead (ApiError `timeout`). */
  readonly silenceMs: number;
  readonly onLine: (line: string) => void;
}

/** Requests to the API server over few kept connections, with time-outs, a body cap and credentials that are renewed. */
export interface Transport {
  /** The parsed answer. @throws {ApiError} */
  json(request: ApiRequest): Promise<unknown>;
  /** Lines of a watch as they come; resolves when the server ends it. On a connection of its own. @throws {ApiError} */
  watch(request: WatchRequest): Promise<void>;
  close(): void;
}

export interface TransportOptions {
  readonly access: ClusterAccess;
  readonly clock: Clock;
  /** Connections besides those of watches. */
  readonly maxSockets: number;
  readonly userAgent: string;
  readonly headerTimeoutMs?: number;
  readonly bodyTimeoutMs?: number;
}

const maxBodyBytes = 64 * 2 ** 20;
const maxLineBytes = 4 * 2 ** 20;

export function createTransport(options: TransportOptions): Transport {
  const credentials = createCredentialsCache(options.access, options.clock);
  const pool = createAgentPool(options.maxSockets);
  const watchPool = createAgentPool(4);

  const attempt = async (request: ApiRequest, agents: AgentPool): Promise<Opened> => {
    const shown = await credentials.get();
    const url = urlOf(shown.server, request);
    const response = await exchange({
      method: request.method,
      url,
      agent: agents.for(shown),
      headers: { ...shown.headers, ...headersOf(request, options.userAgent) },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.maySend === undefined ? {} : { maySend: request.maySend }),
      signal: request.signal,
      headerTimeoutMs: request.headerTimeoutMs ?? options.headerTimeoutMs ?? 10_000,
    });
    const limits: BodyLimits = {
      target: `${request.method} ${request.path}`,
      url,
      signal: request.signal,
      timeoutMs: request.bodyTimeoutMs ?? options.bodyTimeoutMs ?? 30_000,
      maxBytes: maxBodyBytes,
    };
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return { response, limits };
    const body = await readText(response, { ...limits, maxBytes: 2 ** 20 });
    const watch = request.query?.['watch'] !== undefined;
    throw statusError({ ...request, watch }, status, body, response.headers['retry-after']);
  };

  const open = async (request: ApiRequest, agents: AgentPool): Promise<Opened> => {
    try {
      return await attempt(request, agents);
    } catch (error) {
      if (isApiError(error, 'timeout')) agents.replace();
      const refused = isApiError(error, 'unauthorized') || isApiError(error, 'tls');
      if (!refused || !credentials.refuse()) throw error;
      return attempt(request, agents);
    }
  };

  return {
    json: async (request) => {
      const { response, limits } = await open(request, pool);
      try {
        return parse(await readText(response, limits), limits);
      } catch (error) {
        if (isApiError(error, 'timeout')) pool.replace();
        throw error;
      }
    },
    watch: async (request) => {
      const { response, limits } = await open(request, watchPool);
      try {
        const perLine = { ...limits, timeoutMs: request.silenceMs, maxBytes: maxLineBytes };
        await readLines(response, perLine, request.onLine);
      } catch (error) {
        if (isApiError(error, 'timeout')) watchPool.replace();
        throw error;
      }
    },
    close: () => {
      pool.destroy();
      watchPool.destroy();
    },
  };
}

interface Opened {
  readonly response: IncomingMessage;
  readonly limits: BodyLimits;
}

function urlOf(server: string, { path, query }: ApiRequest): URL {
  const url = new URL(`${withoutTrailingSlashes(server)}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    url.searchParams.set(name, String(value));
  }
  return url;
}

function headersOf(request: ApiRequest, userAgent: string): Record<string, string> {
  return {
    'User-Agent': userAgent,
    Accept: request.accept ?? 'application/json',
    ...(request.body === undefined
      ? {}
      : { 'Content-Type': request.contentType ?? 'application/json' }),
  };
}

function parse(text: string, { target, url }: BodyLimits): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ApiError('bad_answer', `${target}: the answer is not JSON`, {
      cause: error,
      hint: `Something between us and the API server answers for it at ${url.host} (a login page, a proxy): check the server address in the kubeconfig.`,
    });
  }
}

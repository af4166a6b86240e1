import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createRandom } from '../../src/lib/random.ts';
import type { ApiServer } from './apiserver.ts';
import { writeKubeconfig } from './kubeconfig.ts';

export interface ProxiedRequest {
  readonly method: string;
  readonly url: string;
}

/**
 * What becomes of a request: passed on; answered with a status by the proxy; `drop`: the connection is cut before the server sees it;
 * `lose`: the server does it, and the answer gets lost; `stream`: answered 200 by the proxy, with these lines of JSON and the end.
 */
export type Fate =
  | 'pass'
  | 'drop'
  | 'lose'
  | { readonly status: number; retryAfter?: number }
  | { readonly stream: readonly object[] };

/** A proxy before a real API server that does harm on demand. Plain HTTP to us, TLS to the server, tokens passed through. */
export interface FaultProxy {
  readonly url: string;
  /** Asked for every request; may do something first. Default: pass. */
  fate: (request: ProxiedRequest) => Fate | Promise<Fate>;
  readonly requests: ProxiedRequest[];
  /** Requests that were not just passed on. */
  readonly harmed: () => number;
  /** A kubeconfig that goes through it, of a user of the server. */
  writeKubeconfig(user?: string): Promise<string>;
  close(): Promise<void>;
}

const maxConnections = 64;

export async function startFaultProxy(apiServer: ApiServer): Promise<FaultProxy> {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: maxConnections,
    ca: apiServer.accessOf('test-admin').ca,
  });
  let harmed = 0;
  const server = createServer((message, response) => {
    void handle(message, response).catch(() => response.destroy());
  });

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen = { method: message.method ?? '', url: message.url ?? '' };
    proxy.requests.push(seen);
    const fate = await proxy.fate(seen);
    if (fate !== 'pass') harmed += 1;
    if (fate === 'drop') response.destroy();
    else if (typeof fate === 'object' && 'stream' in fate) stream(message, response, fate.stream);
    else if (typeof fate === 'object') refuse(message, response, fate);
    else passOn(message, response, fate === 'lose');
  };

  const passOn = (message: IncomingMessage, response: ServerResponse, lose: boolean): void => {
    const headers = { ...message.headers };
    delete headers.host;
    const sent = httpsRequest(new URL(message.url ?? '/', apiServer.url), {
      method: message.method,
      headers,
      agent,
    });
    sent.on('error', () => response.destroy());
    sent.on('response', (answer) => {
      if (lose) {
        answer.resume();
        answer.on('end', () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    response.on('close', () => sent.destroy());
    message.pipe(sent);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: FaultProxy = {
    url,
    fate: () => 'pass',
    requests: [],
    harmed: () => harmed,
    writeKubeconfig: async (user = 'test-admin') => {
      const file = join(apiServer.dataDir, `proxied-${user.replaceAll(/[^\w-]/g, '_')}`);
      await writeKubeconfig(file, { ...apiServer.accessOf(user), url });
      return file;
    },
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

/** One request in `1 / share` fails, in one of the ways in which API servers and the ways to them fail. Seeded. */
export function randomFaults(share: number, seed: number): FaultProxy['fate'] {
  const random = createRandom(seed);
  const ways: readonly Fate[] = [
    { status: 500 },
    { status: 502 },
    { status: 503, retryAfter: 1 },
    { status: 504 },
    { status: 429, retryAfter: 1 },
    'drop',
    'lose',
  ];
  return () => (random() < share ? (ways[Math.floor(random() * ways.length)] ?? 'drop') : 'pass');
}

function refuse(
  message: IncomingMessage,
  response: ServerResponse,
  { status, retryAfter }: { status: number; retryAfter?: number },
): void {
  message.resume();
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  response.end(JSON.stringify({ kind: 'Status', code: status, message: `planted ${status}` }));
}

function stream(
  message: IncomingMessage,
  response: ServerResponse,
  objects: readonly object[],
): void {
  message.resume();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
}

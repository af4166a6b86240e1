import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Logger } from '../lib/logger.ts';
import { isClientRefused, secureContextOf, tlsOptionsOf, type WebAccess } from './access.ts';
import { BasicAuth, type Login } from './basic-auth.ts';
import { Connections } from './connections.ts';
import { formatAddress, listenError, type ListenAddress } from './listen-address.ts';
import { textResponse, type Route, type WebRequest, type WebResponse } from './route.ts';
import { Router } from './router.ts';

export interface WebServerOptions {
  readonly log: Logger;
  /** Who may read. Default: everybody, by plain HTTP. */
  readonly access?: WebAccess;
  /** How long requests under way may take to end when the server stops. Default 1 s. */
  readonly stopGraceMs?: number;
}

export interface BoundAddress {
  readonly port: number;
  /** As in the option, with the port that was taken. */
  readonly text: string;
  /** One that a browser on this machine can open. */
  readonly url: string;
}

const openAccess: WebAccess = { tls: null, users: null };
const limits = {
  /** Of TLS. Node's own is two minutes. */
  handshakeTimeout: 5_000,
  // A client that sends its request slowly, or reads its answer slowly, is let go.
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the usual scrape intervals, so that scrapers keep their connection.
  keepAliveTimeout: 125_000,
  maxHeaderSize: 16_384,
  noDelay: true,
} as const;
const refusals: Readonly<Record<Exclude<Login, 'right'> | 'method', WebResponse>> = {
  method: refusal(405, 'Only GET and HEAD are answered here.\n', { allow: 'GET, HEAD' }),
  wrong: refusal(401, 'A user name and a password are needed here.\n', {
    'www-authenticate': 'Basic realm="gpu-profiler"',
  }),
  too_many: refusal(429, 'Too many passwords from this address wait to be checked.\n', {
    'retry-after': '1',
  }),
  busy: refusal(503, 'Too much is asked at once; try again.\n', { 'retry-after': '1' }),
};

/** A scraper needs one connection, a page a handful. */
const connectionLimits = { max: 256, reserve: 16 };

/** Probes of the kubelet know no password, and what they get tells little; they are answered however much else is asked. */
const openPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** An HTTP server for reading: GET and HEAD. Routes may be added while it runs. */
export class WebServer {
  readonly #log: Logger;
  readonly #stopGraceMs: number;
  readonly #router = new Router();
  readonly #server: Server | TlsServer;
  readonly #connections = new Connections(connectionLimits);
  #access: WebAccess;
  #auth: BasicAuth | null;

  constructor({ log, stopGraceMs = 1_000, access = openAccess }: WebServerOptions) {
    this.#log = log;
    this.#stopGraceMs = stopGraceMs;
    this.#access = access;
    this.#auth = access.users === null ? null : new BasicAuth(access.users);
    const answer = (request: IncomingMessage, response: ServerResponse): void =>
      this.#admit(request, response);
    this.#server =
      access.tls === null
        ? createServer(limits, answer)
        : createTlsServer({ ...limits, ...tlsOptionsOf(access.tls) }, answer);
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      const { tls } = this.#access;
      if (tls !== null && isClientRefused(socket, tls.clientAuth)) socket.destroy();
    });
    this.#server.timeout = 20_000;
    this.#server.on('connection', (socket: Socket) => this.#connections.opened(socket));
  }

  get #scheme(): string {
    return this.#access.tls === null ? 'http' : 'https';
  }

  /**
   * Other users and certificates, from the next request and connection on.
   * @returns false when it needs a restart: TLS switched on or off, or other demands on clients' certificates.
   */
  replaceAccess(access: WebAccess): boolean {
    const [before, after] = [this.#access.tls, access.tls];
    if (before?.clientAuth !== after?.clientAuth) return false;
    if (after !== null && this.#server instanceof TlsServer)
      this.#server.setSecureContext(secureContextOf(after));
    this.#access = access;
    this.#auth?.close();
    this.#auth = access.users === null ? null : new BasicAuth(access.users);
    return true;
  }

  add(...routes: readonly Route[]): void {
    for (const route of routes) this.#router.add(route);
  }

  /** @throws {ListenError} with what to do about it. */
  async listen(address: ListenAddress): Promise<BoundAddress> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port: address.port, host: address.host ?? undefined }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    }).catch((error: unknown) => {
      throw listenError(error, address);
    });
    this.#server.on('error', (error) => this.#log.error({ err: error }, 'web server failed'));
    const { port } = this.#server.address() as AddressInfo;
    const host = address.host ?? 'localhost';
    return {
      port,
      text: formatAddress({ host: address.host, port }),
      url: `${this.#scheme}://${formatAddress({ host: host === '0.0.0.0' || host === '::' ? 'localhost' : host, port })}/`,
    };
  }

  /** Takes no more connections, lets requests under way end, then closes what is left. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), this.#stopGraceMs);
    await closed;
    clearTimeout(timer);
    this.#auth?.close();
  }

  #admit(message: IncomingMessage, response: ServerResponse): void {
    const { reserved, ended } = this.#connections.requested(message.socket);
    response.once('close', ended);
    const [path = ''] = (message.url ?? '').split('?', 1);
    const isOpen = openPaths.has(path);
    if (reserved && !isOpen) {
      send(response, refusals.busy, message.method !== 'HEAD');
      return;
    }
    if (this.#auth === null || isOpen) {
      this.#answer(message, response);
      return;
    }
    const decide = (login: Login): void => {
      if (login === 'right') this.#answer(message, response);
      else send(response, refusals[login], message.method !== 'HEAD');
    };
    const { authorization } = message.headers;
    const checked = this.#auth.check(authorization, message.socket.remoteAddress ?? '');
    if (!(checked instanceof Promise)) {
      decide(checked);
      return;
    }
    checked.then(decide, (error: unknown) => {
      this.#log.error({ err: error }, 'a password could not be checked');
      send(response, textResponse(500, 'It failed; see the log.\n'), true);
    });
  }

  #answer(message: IncomingMessage, response: ServerResponse): void {
    const { method } = message;
    if (method !== 'GET' && method !== 'HEAD') {
      send(response, refusals.method, true);
      return;
    }
    const request = parseRequest(method, message);
    if (request === null) {
      send(response, textResponse(400, 'The path of the request cannot be read.\n'), true);
      return;
    }
    const withBody = method === 'GET';
    const route = this.#router.find(request.path);
    if (route === undefined) {
      send(response, this.#router.withoutRoute(request.path), withBody);
      return;
    }
    try {
      const result = route.handle(request);
      // What is prepared is sent in the same turn of the event loop.
      if (!(result instanceof Promise)) {
        send(response, result, withBody);
        return;
      }
      result.then(
        (late) => send(response, late, withBody),
        (error: unknown) => this.#fail(request, response, error),
      );
    } catch (error) {
      this.#fail(request, response, error);
    }
  }

  #fail(request: WebRequest, response: ServerResponse, error: unknown): void {
    this.#log.error({ err: error, path: request.path }, 'request failed');
    if (!response.headersSent) send(response, textResponse(500, 'It failed; see the log.\n'), true);
  }
}

function refusal(status: number, text: string, headers: Record<string, string>): WebResponse {
  const answer = textResponse(status, text);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function parseRequest(method: 'GET' | 'HEAD', message: IncomingMessage): WebRequest | null {
  const target = message.url ?? '/';
  const queryStart = target.indexOf('?');
  const raw = queryStart === -1 ? target : target.slice(0, queryStart);
  let query: URLSearchParams | undefined;
  try {
    return {
      method,
      path: decodeURIComponent(raw),
      // Made when asked for: most requests have none.
      get query() {
        query ??= new URLSearchParams(queryStart === -1 ? '' : target.slice(queryStart + 1));
        return query;
      },
      headers: message.headers,
    };
  } catch {
    return null;
  }
}

function send(response: ServerResponse, answer: WebResponse, withBody: boolean): void {
  const { body } = answer;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }),
    'x-content-type-options': 'nosniff',
  });
  if (withBody) response.end(body);
  else response.end();
}

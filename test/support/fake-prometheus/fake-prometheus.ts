import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface AskedQuery {
  readonly path: string;
  readonly method: string;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Counts the connections of the server: the same number, the same connection. */
  readonly connection: number;
  readonly clientCertificate: string | null;
}

export interface FakeReply {
  readonly status?: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Compress, asked for or not. */
  readonly gzip?: boolean;
  readonly delayMs?: number;
  /** Never answer. */
  readonly hang?: boolean;
  /** Announce the whole length, send this many bytes, close. */
  readonly cutAfter?: number;
  /** Close the connection in place of an answer. */
  readonly reset?: boolean;
}

export interface FakePrometheus {
  readonly url: string;
  readonly asked: AskedQuery[];
  /** Replaced at any time: what to answer. */
  answer: (query: AskedQuery) => FakeReply;
  /** For another certificate; new connections get it. */
  setTls(options: ServerOptions): void;
  close(): Promise<void>;
}

/** A real HTTP server that answers what a test tells it to, for faults that a real Prometheus does not show on request. */
export async function startFakePrometheus(
  answer: FakePrometheus['answer'],
  tls?: ServerOptions,
): Promise<FakePrometheus> {
  const connections = new Map<Socket, number>();
  let connectionCount = 0;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query: AskedQuery = {
        path: request.url ?? '',
        method: request.method ?? '',
        form: new URLSearchParams(Buffer.concat(chunks).toString('utf8')),
        headers: request.headers,
        connection: connections.get(request.socket) ?? 0,
        clientCertificate: clientCertificate(request.socket),
      };
      fake.asked.push(query);
      send(response, fake.answer(query));
    });
  };
  const server: Server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connectionCount += 1;
    connections.set(socket, connectionCount);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakePrometheus = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked: [],
    answer,
    setTls: (options) => {
      if ('setSecureContext' in server) {
        (server as unknown as { setSecureContext(options: ServerOptions): void }).setSecureContext(
          options,
        );
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}

function send(response: ServerResponse, reply: FakeReply): void {
  if (reply.hang) return;
  if (reply.reset) {
    response.socket?.destroy();
    return;
  }
  const plain = Buffer.from(reply.body ?? '');
  const body = reply.gzip ? gzipSync(plain) : plain;
  const write = (): void => {
    response.writeHead(reply.status ?? 200, {
      'content-type': reply.contentType ?? 'application/json',
      'content-length': String(body.length),
      ...(reply.gzip ? { 'content-encoding': 'gzip' } : {}),
      ...reply.headers,
    });
    if (reply.cutAfter === undefined) {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, reply.cutAfter), () => response.socket?.destroy());
  };
  if (reply.delayMs === undefined) write();
  else setTimeout(write, reply.delayMs);
}

function clientCertificate(socket: Socket): string | null {
  if (!('getPeerCertificate' in socket)) return null;
  const read = socket.getPeerCertificate as () => { subject?: { CN?: string } };
  return read.call(socket).subject?.CN ?? null;
}

export interface FakeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** A successful answer of the query API with raw samples. */
export function matrixAnswer(
  result: readonly FakeSeries[],
  extra: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({ status: 'success', ...extra, data: { resultType: 'matrix', result } });
}

export function vectorAnswer(
  result: readonly { metric: Readonly<Record<string, string>>; value: readonly [number, string] }[],
  extra: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({ status: 'success', ...extra, data: { resultType: 'vector', result } });
}

export function errorAnswer(errorType: string, error: string): string {
  return JSON.stringify({ status: 'error', errorType, error });
}

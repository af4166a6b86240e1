import {
  connect,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';

/** gRPC frames: one byte "compressed", four bytes length, the message. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** What a method answers with; the stream stays open while the function has not resolved. */
export type Method = (
  request: Buffer,
  send: (message: Buffer) => void,
  closed: AbortSignal,
) => Promise<void>;

export interface GrpcServer {
  close(): void;
}

/** Serves methods (`/v1beta1.DevicePlugin/Allocate`) on a Unix socket. */
export async function serve(
  socket: string,
  methods: Readonly<Record<string, Method>>,
): Promise<GrpcServer> {
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => void answer(stream, methods[headers[':path'] ?? '']));
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(socket, resolve);
  });
  return {
    close: () => {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

async function answer(stream: ServerHttp2Stream, method: Method | undefined): Promise<void> {
  let status = { 'grpc-status': '0', 'grpc-message': '' };
  const closed = new AbortController();
  stream.on('close', () => closed.abort());
  stream.on('error', () => undefined);
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(status));
  if (method === undefined) {
    status = { 'grpc-status': '12', 'grpc-message': 'unimplemented' };
  } else {
    try {
      const request = await readMessage(stream);
      await method(request, (message) => void stream.write(frame(message)), closed.signal);
    } catch (error) {
      status = { 'grpc-status': '13', 'grpc-message': encodeURIComponent(String(error)) };
    }
  }
  stream.end();
}

/** Up to the end of what the client sends; leaving earlier would destroy the stream with its answer. */
async function readMessage(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).subarray(5);
}

/** One call with one answer, which is not looked at. Throws with the status when it is not OK. */
export async function call(socket: string, path: string, message: Buffer): Promise<void> {
  const session = connect('http://localhost', { createConnection: () => connectSocket(socket) });
  try {
    await new Promise<void>((resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const judge = (headers: IncomingHttpHeaders): void => {
        const status = headers['grpc-status']?.toString();
        if (status === '0') resolve();
        else if (status !== undefined) {
          reject(
            new Error(`${path}: gRPC status ${status} ${headers['grpc-message']?.toString()}`),
          );
        }
      };
      stream.on('response', judge);
      stream.on('trailers', judge);
      stream.on('error', reject);
      stream.on('close', () => reject(new Error(`${path}: ended without a status`)));
      stream.setTimeout(10_000, () => stream.destroy(new Error(`${path}: no answer within 10 s`)));
      stream.resume();
      stream.end(frame(message));
    });
  } finally {
    session.destroy();
  }
}

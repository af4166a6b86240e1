import { once } from 'node:events';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import { badAnswer, CallAnswer, frame } from './call-answer.ts';
import { connectionFailure, deadlinePassed, statusFailure } from './call-failure.ts';

export interface UnaryCall {
  readonly socket: string;
  /** `/package.Service/Method` */
  readonly path: string;
  readonly request: Buffer;
  readonly deadlineMs: number;
  /** Largest answer that is taken. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * One gRPC call over a Unix socket: connects, asks, gets one message, disconnects. A connection per call has no state that a restart
 * of the kubelet could leave behind, and costs about a millisecond.
 * @throws {PodResourcesError}
 */
export async function unaryCall(call: UnaryCall): Promise<Buffer> {
  call.signal.throwIfAborted();
  const deadline = AbortSignal.timeout(call.deadlineMs);
  const ended = AbortSignal.any([call.signal, deadline]);
  const socket = connectSocket(call.socket);
  // Whoever waits for it at the moment is told as well.
  socket.on('error', () => undefined);
  try {
    // By itself first: of what goes wrong here, a session would tell no more than that it was closed.
    await once(socket, 'connect', { signal: ended });
    return await answerOver(socket, call, ended);
  } catch (error) {
    call.signal.throwIfAborted();
    throw deadline.aborted
      ? deadlinePassed(call.deadlineMs)
      : connectionFailure(error, call.socket);
  } finally {
    socket.destroy();
  }
}

async function answerOver(socket: Socket, call: UnaryCall, ended: AbortSignal): Promise<Buffer> {
  // Loaded when it is needed: without a kubelet it never is, and it is a few MiB.
  const { connect } = await import('node:http2');
  const session = connect('http://localhost', {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  try {
    return await answerOf(session, call, ended);
  } finally {
    session.destroy();
  }
}

function answerOf(
  session: ClientHttp2Session,
  { path, request, deadlineMs, maxBytes }: UnaryCall,
  ended: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    ended.addEventListener('abort', () => reject(ended.reason as Error), { once: true });
    session.on('error', reject);
    session.on('close', () => reject(new Error('it was closed before the answer')));
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      // Servers refuse what Node would make of the path of a socket.
      ':authority': 'localhost',
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${Math.ceil(deadlineMs)}m`,
      'user-agent': 'gpu-profiler',
    });
    stream.on('error', reject);
    resolveAtEnd(stream, new CallAnswer(maxBytes), resolve, reject);
    stream.end(frame(request));
  });
}

function resolveAtEnd(
  stream: ClientHttp2Stream,
  answer: CallAnswer,
  resolve: (message: Buffer) => void,
  reject: (error: unknown) => void,
): void {
  let status: string | undefined;
  let statusText = '';
  const readStatus = (headers: IncomingHttpHeaders): void => {
    status = headers['grpc-status']?.toString() ?? status;
    statusText = headers['grpc-message']?.toString() ?? statusText;
  };
  stream.on('response', (headers) => {
    const httpStatus = headers[':status'];
    if (httpStatus !== 200) reject(badAnswer(`HTTP status ${httpStatus}`));
    // An answer without a message has its status here.
    readStatus(headers);
  });
  stream.on('trailers', readStatus);
  stream.on('data', (chunk: Buffer) => {
    try {
      answer.push(chunk);
    } catch (error) {
      reject(error);
    }
  });
  // Not at "end": that may come before the trailers.
  stream.on('close', () => {
    try {
      if (status === undefined) throw new Error('it was closed before the answer was whole');
      const failure = statusFailure(status, statusText);
      if (failure !== undefined) throw failure;
      resolve(answer.message());
    } catch (error) {
      reject(error);
    }
  });
}

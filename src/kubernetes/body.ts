import type { IncomingMessage } from 'node:http';

import { ApiError } from './api-error.ts';
import { abortedError, transportError } from './exchange.ts';

export interface BodyLimits {
  readonly target: string;
  readonly url: URL;
  readonly signal: AbortSignal;
  /** readText: for the whole body; readLines: between two pieces of it. */
  readonly timeoutMs: number;
  /** Of the whole body, or of one line. */
  readonly maxBytes: number;
}

/** The whole body as text. */
export async function readText(response: IncomingMessage, limits: BodyLimits): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  await guarded(response, limits, 'whole', (piece) => {
    bytes += piece.length;
    if (bytes > limits.maxBytes) throw tooLong(limits);
    pieces.push(piece);
  });
  return Buffer.concat(pieces, bytes).toString('utf8');
}

/** Hands each line to `onLine` as it comes; resolves when the server ends the answer. Anything that comes, an empty line too, counts as a sign of life. */
export async function readLines(
  response: IncomingMessage,
  limits: BodyLimits,
  onLine: (line: string) => void,
): Promise<void> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  await guarded(response, limits, 'between', (piece) => {
    let start = 0;
    for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, start)) {
      const line = Buffer.concat([...rest, piece.subarray(start, end)]).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
      if (line.trim() !== '') onLine(line);
    }
    if (start < piece.length) {
      rest.push(piece.subarray(start));
      restBytes += piece.length - start;
      if (restBytes > limits.maxBytes) throw tooLong(limits);
    }
  });
}

function guarded(
  response: IncomingMessage,
  limits: BodyLimits,
  timeoutKind: 'whole' | 'between',
  onPiece: (piece: Buffer) => void,
): Promise<void> {
  const { target, url, signal, timeoutMs } = limits;
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (error === undefined) resolve();
      else {
        response.destroy();
        reject(error);
      }
    };
    const abort = (): void => finish(abortedError(target));
    const timer = setTimeout(
      () => finish(new ApiError('timeout', `${target}: silent for ${timeoutMs} ms in the body`)),
      timeoutMs,
    );
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    response.on('data', (piece: Buffer) => {
      if (timeoutKind === 'between') timer.refresh();
      try {
        onPiece(piece);
      } catch (error) {
        finish(error);
      }
    });
    response.once('end', () => finish());
    response.once('error', (error) => finish(transportError(target, url, error)));
    response.once('close', () => {
      if (!response.complete) finish(transportError(target, url, new Error('connection closed')));
    });
  });
}

function tooLong({ target, maxBytes }: BodyLimits): ApiError {
  return new ApiError('bad_answer', `${target}: the answer is longer than ${maxBytes} bytes`, {
    hint: 'This is not what a Kubernetes API server answers: check the server address in the kubeconfig.',
  });
}

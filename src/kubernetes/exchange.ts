import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { codeOf, messageOf } from '../lib/errors.ts';
import { ApiError } from './api-error.ts';

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Until the answer's header has come, connecting included. */
  readonly headerTimeoutMs: number;
  /** Asked at the last moment, when the connection stands: false, and nothing is sent (ApiError `not_sent`). */
  readonly maySend?: () => boolean;
}

const tlsCodes =
  /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|^ERR_TLS|^ERR_SSL|EPROTO|HOSTNAME_MISMATCH/;

/**
 * One HTTP request; resolves when the header of the answer has come. The caller reads the body and its own time-outs.
 * @throws {ApiError} timeout, tls, unreachable, aborted, not_sent
 */
export async function exchange(options: Exchange): Promise<IncomingMessage> {
  for (let attempt = 0; ; attempt += 1) {
    const { answer, reused } = send(options);
    try {
      return await answer;
    } catch (error) {
      // The server closed an idle connection just as it was taken: not a failure, take another one.
      const staleConnection = codeOf(error) === 'unreachable' && reused() && attempt < 2;
      if (!staleConnection) throw error;
    }
  }
}

function send(options: Exchange): { answer: Promise<IncomingMessage>; reused: () => boolean } {
  const { method, url, agent, headers, body, signal } = options;
  const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const target = `${method} ${url.pathname}`;
  if (signal.aborted) {
    return { answer: Promise.reject(abortedError(target)), reused: () => false };
  }
  const request = make(url, {
    method,
    agent,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    },
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const fail = (error: ApiError): void => {
      reject(error);
      request.destroy();
    };
    const timer = setTimeout(
      () =>
        fail(
          new ApiError('timeout', `${target}: no answer within ${options.headerTimeoutMs} ms`, {
            hint: 'The API server is overloaded or the network drops packets; it is tried again.',
          }),
        ),
      options.headerTimeoutMs,
    );
    const abort = (): void => fail(abortedError(target));
    signal.addEventListener('abort', abort, { once: true });
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    request.once('response', (response) => {
      done();
      resolve(response);
    });
    request.on('error', (error) => {
      done();
      reject(transportError(target, url, error));
    });
    request.once('socket', (socket) => {
      const go = (): void => {
        if (options.maySend?.() === false) {
          done();
          fail(new ApiError('not_sent', `${target}: not sent, no longer allowed to write`));
        } else request.end(body);
      };
      if (socket.connecting)
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', go);
      else go();
    });
  });
  return { answer, reused: () => request.reusedSocket };
}

export function abortedError(target: string): ApiError {
  return new ApiError('aborted', `${target}: aborted`);
}

export function transportError(target: string, url: URL, error: unknown): ApiError {
  const code = codeOf(error) ?? '';
  if (tlsCodes.test(code)) {
    return new ApiError('tls', `${target}: ${messageOf(error)}`, {
      cause: error,
      hint: `The certificate of ${url.host} is not trusted: check certificate-authority in the kubeconfig.`,
    });
  }
  return new ApiError('unreachable', `${target}: ${messageOf(error)}`, {
    cause: error,
    hint: `No connection to the API server at ${url.host}: check that it runs and that the network lets us through.`,
  });
}

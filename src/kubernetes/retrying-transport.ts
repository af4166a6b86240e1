import { createBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { ApiError, type ApiErrorCode } from './api-error.ts';
import type { Transport } from './transport.ts';

export interface RetryingTransportOptions {
  readonly transport: Pick<Transport, 'json'>;
  readonly clock: Clock;
  /** Told of each failure that is followed by another try. */
  readonly onRetry: (error: ApiError) => void;
  /** When it aborts, nothing is tried again; a request under way goes on until its own signal aborts. */
  readonly until: AbortSignal;
  readonly random?: () => number;
}

/**
 * A 409 is not among them: the same request would fail again. Nor are refused credentials or certificates: the transport has read
 * them anew already, and whoever waits for a command wants to be told.
 */
const repeated: ReadonlySet<ApiErrorCode> = new Set([
  'too_many_requests',
  'server_error',
  'bad_answer',
  'timeout',
  'unreachable',
]);

/**
 * Repeats what may work later (429, 5xx, connections that fail), with growing pauses and no earlier than the server allows. Past
 * `until` the last failure is thrown. For requests that may safely be sent twice.
 */
export function createRetryingTransport(
  options: RetryingTransportOptions,
): Pick<Transport, 'json'> {
  const { transport, clock, onRetry, until, random = Math.random } = options;
  return {
    json: async (request) => {
      const backoff = createBackoff({ baseMs: 200, capMs: 10_000, random });
      let last: ApiError | null = null;
      for (;;) {
        try {
          return await transport.json(request);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (error.code === 'aborted') throw last ?? error;
          if (!repeated.has(error.code)) throw error;
          last = error;
          onRetry(error);
          await clock.sleep(Math.max(backoff.nextMs(), error.retryAfterMs ?? 0), until);
          if (until.aborted) throw error;
        }
      }
    },
  };
}

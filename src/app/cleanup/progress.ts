import type { CleanupProgress } from '../../controller/cleanup.ts';
import type { ApiError } from '../../kubernetes/api-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { every } from '../../lib/every.ts';
import type { Logger } from '../../lib/logger.ts';

/** Requests that were sent again so far. */
export interface Retries {
  count: number;
  last: ApiError | null;
}

export interface ProgressOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly retries: Readonly<Retries>;
}

const everyMs = 5_000;

/** Says every few seconds how far the work has come, until it ends. */
export async function withProgress<Result>(
  { clock, log, retries }: ProgressOptions,
  progress: () => CleanupProgress,
  work: Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const telling = every({
    clock,
    signal: done.signal,
    immediately: false,
    nextDelayMs: () => everyMs,
    run: () => {
      const error = retries.last ?? undefined;
      log.info({ ...progress(), retries: retries.count, lastError: error }, 'removing annotations');
      return Promise.resolve();
    },
    onError: (error) => log.error({ error }, 'cannot tell how far it is'),
  });
  try {
    return await work;
  } finally {
    done.abort();
    await telling;
  }
}

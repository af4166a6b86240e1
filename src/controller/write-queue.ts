import { ApiError, isRetryable } from '../kubernetes/api-error.ts';
import { createBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { createConcurrency } from './writes/concurrency.ts';
import { createPendingWrites, type Waiting, type WriteOrder } from './writes/pending.ts';
import { createRefusals } from './writes/refusals.ts';
import { createTokenBucket } from './writes/token-bucket.ts';
import { countOutcome, createWriteCounts, type WriteStatus } from './writes/write-status.ts';

export type { WriteOrder } from './writes/pending.ts';
export type { WriteStatus } from './writes/write-status.ts';

/** What came of one write; `unchanged`: the node said it already, nothing was sent. */
export type SendOutcome = 'written' | 'unchanged' | 'gone' | 'replaced';

export interface WriteQueueOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Sends one order. @throws {ApiError} */
  readonly send: (order: WriteOrder, signal: AbortSignal) => Promise<SendOutcome>;
  readonly writesPerSecond: number;
  readonly writesInFlight: number;
  readonly random?: () => number;
}

/**
 * Writes nodes at a bounded rate: at most so many per second (burst: twice that), so many at once, one per node at a time; the newest value
 * wins; what fails is repeated with growing pauses and no earlier than the server allows.
 */
export interface WriteQueue {
  put(order: WriteOrder): void;
  /** Nothing is to be written there any more. */
  drop(node: string): void;
  /** Drops nodes that do not exist; `writable`: how many there are of which something may be to be said. */
  retain(nodes: Pick<ReadonlySet<string>, 'has'>, writable: number): void;
  /** Runs until the signal aborts and the last write under way has ended. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing waits that may be sent within `withinMs` and nothing is under way. */
  settled(signal: AbortSignal, withinMs?: number): Promise<void>;
  status(): WriteStatus;
}

const maxAttempts = 6;
const giveUpMs = 5 * 60_000;
const idlePollMs = 1_000;

export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { clock, log, send } = options;
  const pending = createPendingWrites();
  const bucket = createTokenBucket(
    clock,
    options.writesPerSecond,
    Math.max(1, 2 * options.writesPerSecond),
  );
  const concurrency = createConcurrency(clock, options.writesInFlight);
  const refusals = createRefusals(clock);
  const counts = createWriteCounts();
  const inFlight = new Map<string, Promise<void>>();
  let pausedUntilMs = -Infinity;
  /** Of the last refused node; says something only while there is one. */
  let refusal: Pick<ApiError, 'message' | 'hint'> | null = null;
  let wake = new AbortController();

  const rouse = (): void => {
    wake.abort();
    wake = new AbortController();
  };

  const repeat = (waiting: Waiting, error: ApiError): void => {
    const attempts = waiting.attempts + 1;
    if (attempts >= maxAttempts) {
      log.warn({ node: waiting.order.node, error }, 'node not written; the next cycle tries again');
      return;
    }
    const backoff = createBackoff({
      baseMs: 500 * 2 ** attempts,
      capMs: 30_000,
      ...randomOf(options),
    });
    const pauseMs = Math.max(backoff.nextMs(), error.retryAfterMs ?? 0);
    counts.retries += 1;
    pending.putBack({ ...waiting, attempts, notBeforeMs: clock.monotonicMs() + pauseMs });
  };

  const failed = (waiting: Waiting, cause: unknown): void => {
    const error =
      cause instanceof ApiError ? cause : new ApiError('bad_answer', String(cause), { cause });
    const { node } = waiting.order;
    countOutcome(counts, error.code);
    if (error.code === 'aborted' || error.code === 'not_sent') return;
    if (error.code === 'forbidden') {
      if (refusals.count() === 0)
        log.error({ node, error, hint: error.hint }, 'not allowed to write nodes');
      refusal = error;
      refusals.refused(node, error.missesRight);
      return;
    }
    refusals.forget(node);
    if (isRetryable(error)) {
      if (error.code !== 'conflict') concurrency.ended(null);
      // The server asked everybody for a pause, not for this node alone.
      if (error.code === 'too_many_requests') {
        pausedUntilMs = Math.max(
          pausedUntilMs,
          clock.monotonicMs() + (error.retryAfterMs ?? 1_000),
        );
      }
      log.debug({ node, error }, 'node not written yet');
      repeat(waiting, error);
      return;
    }
    log.error({ node, error, hint: error.hint }, 'node cannot be written');
    pending.putBack({ ...waiting, notBeforeMs: clock.monotonicMs() + giveUpMs });
  };

  const write = async (waiting: Waiting, signal: AbortSignal): Promise<void> => {
    const startedMs = clock.monotonicMs();
    try {
      const outcome = await send(waiting.order, signal);
      countOutcome(counts, outcome);
      if (outcome !== 'written') {
        refusals.forget(waiting.order.node);
        return;
      }
      concurrency.ended(clock.monotonicMs() - startedMs);
      refusals.allowed(waiting.order.node);
      waiting.order.onWritten?.();
    } catch (cause) {
      failed(waiting, cause);
    }
  };

  const start = (waiting: Waiting, signal: AbortSignal): void => {
    const { node } = waiting.order;
    const done = write(waiting, signal).finally(() => {
      inFlight.delete(node);
      rouse();
    });
    inFlight.set(node, done);
  };

  const isBlocked = (node: string): boolean => inFlight.has(node) || refusals.waitMs(node) > 0;

  /** Starts what may be started; how long to wait then, milliseconds. */
  const step = (signal: AbortSignal): number => {
    for (;;) {
      const nowMs = clock.monotonicMs();
      if (nowMs < pausedUntilMs) return pausedUntilMs - nowMs;
      if (inFlight.size >= concurrency.limit()) return idlePollMs;
      const waitMs = bucket.waitMs();
      if (waitMs > 0) return waitMs;
      const waiting = pending.take(nowMs, isBlocked);
      if (waiting === null)
        return Math.max(1, Math.min(idlePollMs, pending.nextDueMs(nowMs) || idlePollMs));
      bucket.take();
      start(waiting, signal);
    }
  };

  return {
    put: (order) => {
      pending.put(order);
      rouse();
    },
    drop: (node) => {
      pending.drop(node);
      refusals.forget(node);
    },
    retain: (nodes, writable) => {
      pending.retain(nodes);
      refusals.retain(nodes, writable);
    },
    run: async (signal) => {
      signal.addEventListener('abort', rouse, { once: true });
      while (!signal.aborted) {
        const roused = wake.signal;
        await clock.sleep(step(signal), roused);
      }
      pending.clear();
      await Promise.all(inFlight.values());
    },
    settled: async (signal, withinMs = 10_000) => {
      while (!signal.aborted) {
        const dueMs = pending.nextDueMs(clock.monotonicMs());
        const isStuck = refusals.isGeneral() || (dueMs !== null && dueMs > withinMs);
        if (inFlight.size === 0 && (dueMs === null || isStuck)) return;
        await clock.sleep(20, signal);
      }
    },
    status: () => ({
      outcomes: { ...counts.outcomes },
      retriesTotal: counts.retries,
      waiting: pending.size(),
      inFlight: inFlight.size,
      limit: concurrency.limit(),
      refusedNodes: refusals.count(),
      refusal:
        refusal === null || refusals.count() === 0
          ? null
          : { detail: refusal.message, hint: refusal.hint, isGeneral: refusals.isGeneral() },
    }),
  };
}

function randomOf({ random }: WriteQueueOptions): { random?: () => number } {
  return random === undefined ? {} : { random };
}

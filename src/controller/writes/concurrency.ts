import type { Clock } from '../../lib/clock.ts';

/**
 * How many writes may be under way: halves when the server is slow or refuses, grows by about one per round of successes
 * (additive increase, multiplicative decrease, as TCP does it).
 */
export interface Concurrency {
  limit(): number;
  /** A write ended: `latencyMs` for one that worked, null for one that the server could not take. */
  ended(latencyMs: number | null): void;
}

const slowMs = 1_000;
/** One bad moment ends several writes at once; it counts once. */
const decreaseEveryMs = 1_000;

export function createConcurrency(clock: Clock, max: number): Concurrency {
  let limit = max;
  let decreasedMs = -Infinity;
  return {
    limit: () => Math.max(1, Math.floor(limit)),
    ended: (latencyMs) => {
      if (latencyMs !== null && latencyMs < slowMs) {
        limit = Math.min(max, limit + 1 / limit);
        return;
      }
      const nowMs = clock.monotonicMs();
      if (nowMs - decreasedMs < decreaseEveryMs) return;
      decreasedMs = nowMs;
      limit = Math.max(1, limit / 2);
    },
  };
}

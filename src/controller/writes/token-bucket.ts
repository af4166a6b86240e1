import type { Clock } from '../../lib/clock.ts';

/** A cap on a rate that lets a burst through. */
export interface TokenBucket {
  /** Until there is a token, milliseconds; 0: there is one. */
  waitMs(): number;
  take(): void;
}

export function createTokenBucket(clock: Clock, perSecond: number, burst: number): TokenBucket {
  let tokens = burst;
  let filledMs = clock.monotonicMs();
  return {
    waitMs: () => {
      const nowMs = clock.monotonicMs();
      tokens = Math.min(burst, tokens + ((nowMs - filledMs) * perSecond) / 1_000);
      filledMs = nowMs;
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1_000) / perSecond);
    },
    take: () => {
      tokens -= 1;
    },
  };
}

import type { Clock } from '../lib/clock.ts';
import type { LeaseRecord } from './lease-record.ts';

/**
 * When a foreign Lease may be taken. Foreign clocks are not trusted: what counts is how long, by our own
 * monotonic clock, the record has not changed since we first saw it as it is.
 */
export interface LeaseClaim {
  /** Takes note of what was read. */
  observe(record: LeaseRecord): void;
  /** Milliseconds until the record may be taken if it stays as it is; 0: now. */
  waitMs(record: LeaseRecord): number;
}

const longestForeignMs = 600_000;

export function createLeaseClaim(
  clock: Clock,
  ownDurationMs: number,
  identity: string,
): LeaseClaim {
  let seen = '';
  let seenAtMs = 0;
  return {
    observe: (record) => {
      if (record.renewal === seen) return;
      seen = record.renewal;
      seenAtMs = clock.monotonicMs();
    },
    waitMs: (record) => {
      // Ours: taken by a request whose answer was lost, or kept through a time without the API server.
      if (record.holder === null || record.holder === identity) return 0;
      // A holder with a longer lease than ours (another version, other settings) keeps its right to it.
      const foreignMs = Math.min((record.leaseDurationSeconds ?? 0) * 1_000, longestForeignMs);
      const untilMs = seenAtMs + Math.max(ownDurationMs, foreignMs);
      return Math.max(0, untilMs - clock.monotonicMs());
    },
  };
}

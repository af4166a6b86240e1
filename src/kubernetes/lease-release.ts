import type { Clock } from '../lib/clock.ts';
import { createLeaseClaim } from './lease-claim.ts';
import { isFence } from './lease-fence.ts';
import type { LeaseRecord } from './lease-record.ts';
import type { LeaseStore } from './lease-store.ts';

/**
 * Whether somebody leads by a Lease. `expired`: its holder has not renewed it for as long as it may; `fenced`: a cleanup holds it so that
 * nobody else does.
 */
export type LeaseUse =
  | { readonly state: 'absent' }
  | { readonly state: 'released' | 'expired' | 'held' | 'fenced'; readonly record: LeaseRecord };

export interface LeaseReleaseOptions {
  readonly store: Pick<LeaseStore, 'read'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long to wait for a holder that renews; 0: one renewal is enough to say `held`. */
  readonly patienceMs: number;
}

const pollMs = 500;
const leastLeaseMs = 1_000;

/**
 * Looks at a Lease until it is clear whether it is free. Clocks of others are not trusted: a holder lives when the record changes while
 * we look, and is dead when it has not for the time that the record itself grants.
 * @throws {ApiError} when the Lease cannot be read, or the signal aborts.
 */
export async function leaseUse(options: LeaseReleaseOptions): Promise<LeaseUse> {
  const { store, clock, signal, patienceMs } = options;
  const claim = createLeaseClaim(clock, leastLeaseMs, '');
  const untilMs = clock.monotonicMs() + patienceMs;
  let first: string | null = null;
  for (;;) {
    const record = await store.read(signal);
    if (record === null) return { state: 'absent' };
    if (record.holder === null) return { state: 'released', record };
    if (isFence(record)) return { state: 'fenced', record };
    claim.observe(record);
    if (claim.waitMs(record) === 0) return { state: 'expired', record };
    first ??= record.renewal;
    const isRenewed = record.renewal !== first;
    if (isRenewed && clock.monotonicMs() >= untilMs) return { state: 'held', record };
    await clock.sleep(pollMs, signal);
  }
}

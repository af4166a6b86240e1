import { ApiError, isApiError } from '../../kubernetes/api-error.ts';
import { deleteLease } from '../../kubernetes/delete-lease.ts';
import { fenceLease, fenceMs } from '../../kubernetes/lease-fence.ts';
import { leaseUse, type LeaseUse } from '../../kubernetes/lease-release.ts';
import { createLeaseStore } from '../../kubernetes/lease-store.ts';
import type { Transport } from '../../kubernetes/transport.ts';
import type { Clock } from '../../lib/clock.ts';
import { formatDurationMs } from '../../lib/duration.ts';
import type { Logger } from '../../lib/logger.ts';

export interface LeaseCheckOptions {
  readonly transport: Pick<Transport, 'json'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly namespace: string;
  readonly name: string;
  readonly instance: string;
  readonly signal: AbortSignal;
}

/** What the Lease of the controllers says, or that it cannot be known. */
export type LeaseFinding = LeaseUse | { readonly state: 'unknown'; readonly error: ApiError };

export interface LeaseCheck {
  /** Whether a controller leads now. `patienceMs`: how long one may take to end. */
  look(patienceMs: number): Promise<LeaseFinding>;
  /** Keeps one that does not end from writing. */
  fence(): Promise<LeaseFinding>;
  /** Deletes the Lease as it was found, unless somebody leads by it. Says what became of it. */
  remove(found: LeaseFinding): Promise<LeaseRemoval>;
}

export interface LeaseRemoval {
  readonly outcome: 'deleted' | 'absent' | 'kept';
  /** Why it is kept; empty otherwise. */
  readonly reason: string;
  /** True: a controller has begun to lead since. */
  readonly isTaken: boolean;
}

/** A right that is missing here is no reason to leave annotations behind: it is said, and the rest goes on. */
export function createLeaseCheck(options: LeaseCheckOptions): LeaseCheck {
  const { transport, clock, log, namespace, name, signal } = options;
  const lease = `${namespace}/${name}`;
  const store = createLeaseStore({
    transport,
    namespace,
    name,
    durationMs: fenceMs,
    timeoutMs: 10_000,
  });

  const orUnknown = async (find: () => Promise<LeaseUse>): Promise<LeaseFinding> => {
    try {
      return await find();
    } catch (error) {
      if (!isApiError(error, 'forbidden')) throw error;
      log.warn({ lease, error, hint: error.hint }, 'cannot tell whether a controller runs');
      return { state: 'unknown', error };
    }
  };

  return {
    look: (patienceMs) => orUnknown(() => leaseUse({ store, clock, signal, patienceMs })),
    fence: () =>
      orUnknown(async () => {
        const record = await fenceLease(options);
        return record === null ? { state: 'absent' } : { state: 'fenced', record };
      }),
    remove: async (found) => {
      if (found.state === 'absent') return { outcome: 'absent', reason: '', isTaken: false };
      if (found.state === 'unknown') return kept(found.error.message);
      if (found.state === 'held') return kept(`${holderOf(found)} holds it`);
      if (found.state === 'fenced') {
        return kept(
          `it keeps a controller that does not end from writing, for ${formatDurationMs(fenceMs)}`,
        );
      }
      try {
        const outcome = await deleteLease(
          transport,
          { namespace, name, record: found.record },
          signal,
        );
        if (outcome !== 'changed') return { outcome, reason: '', isTaken: false };
        return { ...kept('a controller has taken it meanwhile'), isTaken: true };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return kept(`${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`);
      }
    },
  };
}

export function holderOf(found: LeaseFinding): string | null {
  return 'record' in found ? found.record.holder : null;
}

function kept(reason: string): LeaseRemoval {
  return { outcome: 'kept', reason, isTaken: false };
}

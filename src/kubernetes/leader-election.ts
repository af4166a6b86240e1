import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { ApiError, isApiError } from './api-error.ts';
import { createTerm, type LeaderTerm, type TermControl, type TermTime } from './leader-term.ts';
import { createLeaseClaim } from './lease-claim.ts';
import type { LeaseRecord } from './lease-record.ts';
import type { LeaseStore } from './lease-store.ts';

export interface ElectionOptions {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of this process; unique, also after a restart. */
  readonly identity: string;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  readonly random?: () => number;
  /** Written along with each renewal: what the next leader should know. */
  readonly annotations?: () => Readonly<Record<string, string>>;
}

export interface ElectionStatus {
  readonly leading: boolean;
  /** null: nobody, or not known yet. */
  readonly holder: string | null;
  /** Since the Lease was last read or written; null before the first time. */
  readonly contactAgeMs: number | null;
  /** Of the latest try; null when it worked. */
  readonly error: ApiError | null;
  /** Times that this process became leader. */
  readonly termsTotal: number;
  /** Of the Lease as last seen: what Events about it must name, or `kubectl describe` does not show them. */
  readonly leaseUid: string | null;
}

export interface LeaderElection {
  /** Tries to become leader, runs `lead` each time it is, until `signal` aborts; gives the Lease up at the end. Rejects only with what `lead` throws. */
  run(signal: AbortSignal, lead: (term: LeaderTerm) => Promise<void>): Promise<void>;
  status(): ElectionStatus;
}

export function createLeaderElection(options: ElectionOptions): LeaderElection {
  const { store, clock, log, identity, random = Math.random } = options;
  const claim = createLeaseClaim(clock, options.leaseDurationMs, identity);
  let record: LeaseRecord | null = null;
  let leading = false;
  let terms = 0;
  let contactMs: number | null = null;
  let error: ApiError | null = null;

  // Never longer than the period: together with the lease duration it bounds the time without a leader.
  const pauseMs = (): number => options.retryPeriodMs * (0.75 + 0.25 * random());
  const time = (): TermTime => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.now() });

  const contact = (): void => {
    contactMs = clock.monotonicMs();
    error = null;
  };
  const refresh = async (signal: AbortSignal): Promise<void> => {
    record = await store.read(signal);
    contact();
    if (record !== null) claim.observe(record);
  };
  const write = async (holder: string, signal: AbortSignal): Promise<void> => {
    const annotations = options.annotations?.() ?? {};
    record = await store.write({
      holder,
      nowMs: clock.now(),
      current: record,
      annotations,
      signal,
    });
    claim.observe(record);
    contact();
  };
  const failed = (cause: unknown, message: string): void => {
    error = cause instanceof ApiError ? cause : new ApiError('bad_answer', String(cause));
    if (error.code !== 'conflict') log.warn({ error, hint: error.hint }, message);
  };

  const isForeign = (seen: LeaseRecord | null): boolean =>
    seen !== null && seen.holder !== null && seen.holder !== identity;

  /** A term when the Lease could be taken, else how long to wait, milliseconds. */
  const acquire = async (signal: AbortSignal): Promise<TermControl | number> => {
    try {
      await refresh(signal);
      const waitMs = record === null ? 0 : claim.waitMs(record);
      if (waitMs > 0) return Math.min(waitMs + 50 * random(), pauseMs());
      const inherited = record?.annotations ?? {};
      const begun = time();
      await write(identity, signal);
      return createTerm(clock, options.renewDeadlineMs, begun, inherited);
    } catch (cause) {
      if (!signal.aborted) failed(cause, 'cannot read or take the lease');
      return pauseMs();
    }
  };

  /** True while we are still the holder. */
  const renew = async (control: TermControl, signal: AbortSignal): Promise<boolean> => {
    const begun = time();
    try {
      if (record?.holder !== identity) await refresh(signal);
      if (isForeign(record)) return false;
      await write(identity, signal);
      control.renewed(begun);
    } catch (cause) {
      if (signal.aborted) return true;
      failed(cause, 'cannot renew the lease');
      // Changed or deleted by somebody: look before writing again.
      if (isApiError(cause, 'conflict') || isApiError(cause, 'not_found')) {
        record = null;
        try {
          await refresh(signal);
        } catch (again) {
          failed(again, 'cannot read the lease');
        }
        if (isForeign(record)) return false;
      }
    }
    return control.remainingMs() > 0;
  };

  const keep = async (control: TermControl, signal: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.sleep(Math.max(0, Math.min(pauseMs(), control.remainingMs())), signal);
      if (signal.aborted) return;
      if (control.remainingMs() <= 0 || !(await renew(control, signal))) return;
    }
  };

  const release = async (): Promise<void> => {
    if (record?.holder !== identity) return;
    try {
      await write('', AbortSignal.timeout(2_000));
      log.info({ identity }, 'lease given up');
    } catch (cause) {
      failed(cause, 'cannot give up the lease; another leader follows when it has expired');
    }
  };

  const leadTerm = async (
    control: TermControl,
    signal: AbortSignal,
    lead: (term: LeaderTerm) => Promise<void>,
  ): Promise<void> => {
    leading = true;
    terms += 1;
    log.info({ identity }, 'became leader');
    const over = new AbortController();
    const work = lead(control.term).finally(() => over.abort());
    const ended = Promise.allSettled([work]);
    await keep(control, AbortSignal.any([signal, over.signal]));
    const isLost = !signal.aborted && !over.signal.aborted;
    control.end();
    leading = false;
    // Nothing is given up before the last write has ended.
    await ended;
    if (isLost) log.warn({ identity, holder: record?.holder }, 'no longer leader');
    else await release();
    await work;
  };

  return {
    run: async (signal, lead) => {
      while (!signal.aborted) {
        const outcome = await acquire(signal);
        if (typeof outcome === 'number') await clock.sleep(outcome, signal);
        else await leadTerm(outcome, signal, lead);
      }
    },
    status: () => ({
      leading,
      holder: record?.holder ?? null,
      contactAgeMs: contactMs === null ? null : clock.monotonicMs() - contactMs,
      error,
      termsTotal: terms,
      leaseUid: record?.uid ?? null,
    }),
  };
}

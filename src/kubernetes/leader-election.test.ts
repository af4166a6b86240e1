import { describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { createLogger } from '../lib/logger.ts';
import { ApiError } from './api-error.ts';
import { createLeaderElection } from './leader-election.ts';
import { leaseRecord, type LeaseRecord } from './lease-record.ts';
import type { LeaseStore } from './lease-store.ts';

function lease(holder: string): LeaseRecord {
  return leaseRecord({ metadata: { resourceVersion: '1' }, spec: { holderIdentity: holder } });
}

describe('kubernetes/leader-election', () => {
  it('stops leading as soon as it has read that another holds the Lease', async () => {
    const asked: string[] = [];
    let holder = '';
    const store: LeaseStore = {
      read: () => {
        asked.push('read');
        return Promise.resolve(lease(holder));
      },
      write: (write) => {
        asked.push('write');
        if (holder === 'other') return Promise.reject(new ApiError('conflict', 'changed'));
        holder = write.holder;
        return Promise.resolve(lease(holder));
      },
    };
    const election = createLeaderElection({
      store,
      clock: systemClock,
      log: createLogger({ level: 'error', format: 'json', write: () => undefined }),
      identity: 'me',
      leaseDurationMs: 15_000,
      renewDeadlineMs: 10_000,
      retryPeriodMs: 20,
    });
    const stop = new AbortController();
    await election.run(stop.signal, async (term) => {
      holder = 'other';
      await systemClock.sleep(5_000, term.signal);
      stop.abort();
    });
    // Takes it, fails to renew it, looks; no further request stands between that and the end.
    expect(asked).toEqual(['read', 'write', 'write', 'read']);
  });
});

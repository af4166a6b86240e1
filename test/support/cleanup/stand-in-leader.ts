import { createLeaderElection } from '../../../src/kubernetes/leader-election.ts';
import type { LeaderTerm } from '../../../src/kubernetes/leader-term.ts';
import { createLeaseStore } from '../../../src/kubernetes/lease-store.ts';
import type { Transport } from '../../../src/kubernetes/transport.ts';
import { systemClock as clock } from '../../../src/lib/clock.ts';
import { silentLogger as log } from '../../../src/lib/logger.ts';
import { waitUntil } from '../wait-until.ts';

/** What of a controller matters to a cleanup: the real election, leading as long as it may, with a Lease of 6 s. */
export interface StandInLeader {
  readonly term: () => LeaderTerm | null;
  /** Ends as a controller does on SIGTERM: it gives the Lease back. */
  readonly stop: () => Promise<void>;
}

/** Starts one and waits until it leads. */
export async function startLeader(
  transport: Transport,
  lease: { readonly namespace: string; readonly name: string },
): Promise<StandInLeader> {
  const until = new AbortController();
  let term: LeaderTerm | null = null;
  const election = createLeaderElection({
    store: createLeaseStore({ transport, ...lease, durationMs: 6_000, timeoutMs: 1_000 }),
    clock,
    log,
    identity: 'a-controller',
    leaseDurationMs: 6_000,
    renewDeadlineMs: 4_000,
    retryPeriodMs: 500,
    annotations: () => ({}),
  });
  const running = election.run(until.signal, async (given) => {
    term = given;
    await clock.sleep(600_000, given.signal);
  });
  const stop = async (): Promise<void> => {
    until.abort();
    await running;
  };
  await waitUntil(() => term !== null, { what: 'a leader', timeoutMs: 10_000 });
  return { term: () => term, stop };
}

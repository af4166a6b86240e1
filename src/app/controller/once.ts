import type { Controller } from '../../controller/controller.ts';
import type { CycleReport } from '../../controller/controller-status.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import type { LeaderElection } from '../../kubernetes/leader-election.ts';
import type { LeaderTerm } from '../../kubernetes/leader-term.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Cluster } from './cluster.ts';

/** Exit codes of --once. */
export const onceExitCodes = {
  done: 0,
  /** Nothing could be read: no answer, or no GPU in it. */
  nothingRead: 1,
  /** The picture was incomplete, or a node could not be written. */
  incomplete: 3,
  /** Another controller leads and would be written over. */
  notLeader: 4,
} as const;

export interface OnceOptions {
  readonly controller: Controller;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** How long to try for the Lease: a holder that is gone has lost it by then. */
  readonly leasePatienceMs: number;
}

/** One cycle under the Lease (none with --dry-run or without election). Resolves to the exit code. @throws {ApiError} when the nodes cannot be listed. */
export async function runOnce(options: OnceOptions): Promise<number> {
  const { controller, cluster, log, signal } = options;
  await listed(options);
  const { election } = cluster;
  if (election === null)
    return exitCodeOf(await oneCycle(options, freeTerm(signal)), controller, log);
  const outcome: { exitCode: number | null } = { exitCode: null };
  const stop = new AbortController();
  const began = new AbortController();
  const elected = election.run(AbortSignal.any([signal, stop.signal]), async (term) => {
    began.abort();
    outcome.exitCode = exitCodeOf(await oneCycle(options, term), controller, log);
    stop.abort();
  });
  await patience(options, election, began.signal);
  if (!began.signal.aborted) stop.abort();
  await elected;
  if (outcome.exitCode !== null) return outcome.exitCode;
  signal.throwIfAborted();
  const { holder, error } = election.status();
  if (error !== null) throw error;
  log.error(
    { holder, hint: 'Add --dry-run to see what it would write, or --lease.enabled=false.' },
    'another controller leads; nothing was written',
  );
  return onceExitCodes.notLeader;
}

/** @throws the signal's reason when it was told to stop on the way: then nothing failed. */
async function oneCycle(
  { controller, signal }: OnceOptions,
  term: LeaderTerm,
): Promise<CycleReport> {
  const report = await controller.once(term);
  if (report.result !== 'complete') signal.throwIfAborted();
  return report;
}

/** Waits until the term begins, or until it is not worth waiting any longer. */
async function patience(
  { clock, signal, leasePatienceMs }: OnceOptions,
  election: LeaderElection,
  began: AbortSignal,
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + leasePatienceMs;
  while (!began.aborted && !signal.aborted && clock.monotonicMs() < deadlineMs) {
    if (election.status().error?.code === 'forbidden') return;
    await clock.sleep(50, AbortSignal.any([signal, began]));
  }
}

/** A term without a Lease. */
export function freeTerm(signal: AbortSignal): LeaderTerm {
  return { signal, mayWrite: () => !signal.aborted, inherited: {} };
}

/** The first failure ends it: whoever runs it once wants to be told, not to wait. */
async function listed({ cluster, clock, signal }: OnceOptions): Promise<void> {
  while (!signal.aborted) {
    const { synced, error } = cluster.reflector.status();
    if (synced) return;
    if (error !== null) throw error;
    await clock.sleep(20, signal);
  }
  throw new ApiError('aborted', 'stopped before the nodes were listed');
}

function exitCodeOf(report: CycleReport, controller: Controller, log: Logger): number {
  const { result, gpus, nodesReporting, changed, problems } = report;
  const outcomes = controller.status().pastOutcomes;
  const written = outcomes['written'] ?? 0;
  log.info({ result, gpus, nodes: nodesReporting, changed, written }, 'one cycle done');
  if (result === 'failed' || gpus === 0) {
    const [problem] = problems;
    log.error(
      { code: problem?.code, detail: problem?.detail, hint: problem?.hint },
      'no usage of any GPU could be read',
    );
    return onceExitCodes.nothingRead;
  }
  const settled =
    written + (outcomes['gone'] ?? 0) + (outcomes['replaced'] ?? 0) + (outcomes['unchanged'] ?? 0);
  return result === 'incomplete' || settled < changed
    ? onceExitCodes.incomplete
    : onceExitCodes.done;
}

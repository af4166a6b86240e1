import type { ElectionStatus } from '../kubernetes/leader-election.ts';
import type { ReflectorStatus } from '../kubernetes/node-reflector.ts';
import type { ControllerStatus } from './controller-status.ts';
import { noGpuJudged } from './judged-gpus.ts';

/** Why a controller is not alive or not ready: a code for machines, words for people. */
export interface ControllerProblem {
  readonly code: string;
  readonly detail: string;
}

export interface ControllerState {
  readonly controller: ControllerStatus;
  readonly reflector: ReflectorStatus;
  /** null: no election, this process always leads. */
  readonly election: ElectionStatus | null;
  readonly intervalMs: number;
  readonly leaseDurationMs: number;
}

/** What only a restart heals: a cycle that does not end although everything in it has a time-out. A Prometheus or API server that is down is no such thing. */
export function livenessProblems({
  controller,
  intervalMs,
}: ControllerState): readonly ControllerProblem[] {
  const limitMs = Math.max(15 * 60_000, 10 * intervalMs);
  const { runningMs } = controller;
  if (runningMs === null || runningMs < limitMs) return [];
  const seconds = Math.round(runningMs / 1_000);
  return [{ code: 'cycle_stuck', detail: `a cycle has been running for ${seconds} s` }];
}

/** What keeps it from doing its work: for a leader that usage cannot be read or nodes not be written, for a stand-by that it could not take over. */
export function readinessProblems(state: ControllerState): readonly ControllerProblem[] {
  const isLeader = state.election === null || state.election.leading;
  return [
    ...reflectorProblems(state.reflector),
    ...(state.election === null ? [] : electionProblems(state.election, state.leaseDurationMs)),
    ...(isLeader ? leaderProblems(state.controller, state.intervalMs) : []),
  ];
}

/** A watch that fails for this long leaves us with an old picture. */
const watchPatienceMs = 90_000;

function reflectorProblems({
  synced,
  error,
  lastEventAgeMs,
}: ReflectorStatus): readonly ControllerProblem[] {
  if (synced && (error === null || (lastEventAgeMs ?? 0) < watchPatienceMs)) return [];
  if (error === null) return [{ code: 'nodes_not_listed', detail: 'the nodes are being listed' }];
  return [{ code: `nodes_${error.code}`, detail: withHint(error.message, error.hint) }];
}

function electionProblems(
  { contactAgeMs, error }: ElectionStatus,
  leaseDurationMs: number,
): readonly ControllerProblem[] {
  if (contactAgeMs !== null && contactAgeMs < leaseDurationMs) return [];
  if (error === null) return [{ code: 'lease_not_read', detail: 'the Lease is being read' }];
  return [{ code: `lease_${error.code}`, detail: withHint(error.message, error.hint) }];
}

/** At a scrape a half minute the samples for a first verdict take twelve minutes. */
const judgePatienceMs = 15 * 60_000;

function leaderProblems(
  { last, lastReadAgeMs, unjudgedMs, writes }: ControllerStatus,
  intervalMs: number,
): readonly ControllerProblem[] {
  const problems: ControllerProblem[] = [];
  if (lastReadAgeMs === null || lastReadAgeMs > 3 * intervalMs) {
    const [problem] = last?.result === 'failed' ? last.problems : [];
    problems.push(
      problem === undefined
        ? { code: 'no_cycle', detail: 'no cycle has been completed lately' }
        : { code: problem.code, detail: withHint(problem.detail, problem.hint) },
    );
  }
  if (unjudgedMs !== null && unjudgedMs > judgePatienceMs) {
    const unjudged = last?.problems.find(({ code }) => code === noGpuJudged);
    if (unjudged !== undefined) {
      problems.push({ code: noGpuJudged, detail: withHint(unjudged.detail, unjudged.hint) });
    }
  }
  const refusal = writes?.refusal ?? null;
  // One node that an admission policy protects is no reason to take the leader out of service.
  if (refusal?.isGeneral === true) {
    problems.push({ code: 'nodes_forbidden', detail: withHint(refusal.detail, refusal.hint) });
  }
  return problems;
}

function withHint(text: string, hint: string | undefined): string {
  return hint === undefined ? text : `${text}. ${hint}`;
}

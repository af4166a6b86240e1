import type { CleanupReport } from '../../controller/cleanup.ts';
import type { CodedError } from '../../lib/errors.ts';
import type { ControllerFinding } from './controller-gone.ts';
import { holderOf, type LeaseRemoval } from './lease-check.ts';

/** What came of a cleanup; null: it did not come to that. */
export interface CleanupOutcome {
  readonly dryRun: boolean;
  /** As given: NAMESPACE/NAME. */
  readonly deployment: string | null;
  readonly controller: ControllerFinding | null;
  readonly report: CleanupReport | null;
  readonly lease: LeaseRemoval | null;
  /** What ended it before its time. */
  readonly problem: CodedError | null;
}

/** True when no key of ours is on any node, as a list after the last removal showed, and nobody is there to write one again. */
export function isClean({ dryRun, controller, report, lease, problem }: CleanupOutcome): boolean {
  if (problem !== null || report === null || !report.verified) return false;
  if (report.left.length > 0) return false;
  return dryRun || (controller?.isRunning !== true && lease?.isTaken !== true);
}

/** The one object of --json. */
export function outcomeJson(outcome: CleanupOutcome): object {
  const { dryRun, deployment, controller, report, problem } = outcome;
  return {
    clean: isClean(outcome),
    dryRun,
    ...(report ?? nothing),
    deployment: deployment === null ? null : { name: deployment, ...controller?.deployment },
    controllerRunning: controller?.isRunning ?? null,
    lease: leaseJson(outcome),
    problem: problemJson(problem ?? report?.problem ?? null),
  };
}

const nothing = { nodes: null, removed: [], left: [], others: [], verified: false } as const;

function leaseJson({ controller, lease }: CleanupOutcome): object | null {
  if (controller === null || controller.lease === null) return null;
  return {
    ...controller.leaseName,
    found: controller.lease.state,
    holder: holderOf(controller.lease),
    outcome: lease?.outcome ?? 'kept',
    reason: lease?.reason ?? '',
  };
}

function problemJson(
  problem: CodedError | NonNullable<CleanupReport['problem']> | null,
): object | null {
  if (problem === null) return null;
  if (!(problem instanceof Error)) return problem;
  return { code: problem.code, detail: problem.message, hint: problem.hint };
}

import type { CleanupReport, LeftNode, LeftReason, NodeKeys } from '../../controller/cleanup.ts';
import { isClean, type CleanupOutcome } from './outcome.ts';

const reasons: Readonly<Record<LeftReason, string>> = {
  not_tried: 'dry run',
  forbidden: 'not allowed',
  refused: 'the API server refuses',
  written_again: 'written again after they were removed: a controller is running',
  out_of_time: 'not done in time',
};

/** What was removed and what is left, for people. */
export function outcomeText(outcome: CleanupOutcome): string {
  const { report, dryRun } = outcome;
  const lines = report === null ? [] : dryRun ? dryRunLines(report) : reportLines(report);
  const text = [...lines, ...othersLines(report), ...surroundings(outcome), ...verdict(outcome)];
  return text.map((line) => `${line}\n`).join('');
}

function dryRunLines({ left, nodes }: CleanupReport): readonly string[] {
  const summary =
    left.length === 0
      ? `No key of ours on any of ${count(nodes, 'node')}.`
      : `Would remove ${count(keysIn(left), 'key')} from ${left.length} of ${count(nodes, 'node')}. Nothing was written.`;
  return [...left.map(({ node, keys }) => `${node}: would remove ${short(keys)}`), summary];
}

function reportLines({ removed, left, nodes, verified, problem }: CleanupReport): string[] {
  const lines = removed.map(({ node, keys }) => `${node}: removed ${short(keys)}`);
  lines.push(
    `Removed ${count(keysIn(removed), 'key')} from ${removed.length} of ${count(nodes, 'node')}.`,
  );
  if (left.length > 0) {
    lines.push(`LEFT: ${count(keysIn(left), 'key')} on ${count(left.length, 'node')}:`);
    lines.push(...left.map(leftLine), ...hintLines(left));
  }
  if (!verified) {
    lines.push('The nodes could not be listed once more after that; run it again to be sure.');
  }
  if (problem !== null) lines.push(`  ${problem.detail}`);
  return lines;
}

function leftLine({ node, keys, reason, detail }: LeftNode): string {
  return `  ${node}: ${short(keys)}: ${reasons[reason]}${detail === '' ? '' : `: ${detail}`}`;
}

function hintLines(left: readonly LeftNode[]): readonly string[] {
  return [...new Set(left.flatMap(({ hint }) => hint ?? []))].map((hint) => `  ${hint}`);
}

function othersLines(report: CleanupReport | null): readonly string[] {
  const others = report?.others ?? [];
  if (others.length === 0) return [];
  return [
    'Not recorded as ours, so left alone (gpu-profiler-owned of the node does not name them):',
    ...others.map(({ node, keys }) => `  ${node}: ${short(keys)}`),
  ];
}

function surroundings(outcome: CleanupOutcome): string[] {
  return [deploymentLine(outcome), leaseLine(outcome)].filter((line) => line !== null);
}

function deploymentLine({ deployment, controller }: CleanupOutcome): string | null {
  const stopped = controller?.deployment ?? null;
  if (stopped === null) return null;
  const replicas = stopped.replicasBefore ?? 0;
  const words = {
    absent: 'there is none.',
    not_tried: `would be scaled from ${replicas} to 0.`,
    stopped: `scaled from ${replicas} to 0; it has no pods any more.`,
  };
  return `Deployment ${deployment}: ${words[stopped.outcome]}`;
}

function leaseLine({ controller, lease, dryRun }: CleanupOutcome): string | null {
  if (controller === null || lease === null || dryRun) return null;
  const words = { deleted: 'deleted.', absent: 'there is none.', kept: `kept: ${lease.reason}` };
  return `Lease ${controller.leaseName.namespace}/${controller.leaseName.name}: ${words[lease.outcome]}`;
}

function verdict(outcome: CleanupOutcome): readonly string[] {
  const { report, controller, lease, dryRun } = outcome;
  if (dryRun || report === null) return [];
  if (controller?.isRunning === true || lease?.isTaken === true) {
    return [
      'A controller is running and writes again what is removed. Stop it (--stop-deployment NAMESPACE/NAME), then run this again.',
    ];
  }
  if (isClean(outcome)) return ['Nothing of ours is left on any node.'];
  return report.left.length > 0 ? ['Run it again to go on from here.'] : [];
}

function keysIn(nodes: readonly NodeKeys[]): number {
  return nodes.reduce((sum, { keys }) => sum + keys.length, 0);
}

/** Without the domain, which all of them have. */
function short(keys: readonly string[]): string {
  return keys.map((key) => key.slice(key.indexOf('/') + 1)).join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

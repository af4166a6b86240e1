import type { Snapshot } from '../../sampling/snapshot.ts';
import type { HealthProblem } from '../../web/health.ts';

/** Five snapshots, of which there is one a second. */
export const staleAfterMs = 5_000;

/** Why /metrics has nothing new to show; `ageMs` of the snapshot that it would show. */
export function staleExposition(ageMs: number): readonly HealthProblem[] {
  if (ageMs <= staleAfterMs) return [];
  const seconds = Math.round(ageMs / 1_000);
  return [
    {
      code: 'exposition_stale',
      detail: `the metrics were made from a snapshot ${seconds} s ago, and newer ones cannot be made; see the log`,
    },
  ];
}

/** Why there is no source where there is no GPU. */
const nothingThere: readonly string[] = [
  'library_missing',
  'command_missing',
  'driver_not_loaded',
  'no_gpu',
];

/**
 * What keeps a collector from showing fresh values: its source, or a driver call that hangs. On a node without a GPU there is nothing to
 * show: a collector that waits there for ever would hold up whoever waits for all of them.
 */
export function readinessProblems(
  snapshot: Snapshot,
  { isWithoutGpu }: { readonly isWithoutGpu: boolean },
): readonly HealthProblem[] {
  const { source, gpus } = snapshot;
  const isNothingThere =
    nothingThere.includes(source.reason) ||
    // One configuration for all nodes: where there is no GPU there is no exporter of its values either.
    (source.requested === 'auto' && source.reason === 'unreachable');
  if (isWithoutGpu && gpus.length === 0 && isNothingThere) return [];
  const problems: HealthProblem[] = [];
  if (!source.up) problems.push({ code: source.reason, detail: source.detail });
  for (const { status, device } of gpus) {
    if (status.up) continue;
    // One lost GPU of several does not make the others unreadable; a hung call may, and says that the driver is sick.
    if (status.reason !== 'call_hung') continue;
    problems.push({ code: 'call_hung', detail: `GPU ${device.index}: ${status.detail}` });
  }
  if (source.up && gpus.length > 0 && gpus.every(({ status }) => !status.up)) {
    problems.push({ code: 'all_gpus_down', detail: `none of ${gpus.length} GPUs can be read` });
  }
  return problems;
}

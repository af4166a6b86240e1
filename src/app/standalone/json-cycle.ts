import type { Snapshot } from '../../sampling/snapshot.ts';
import type { GpuView } from './gpu-view.ts';

/**
 * One line of `--json`: a promise to scripts, so fields are added but never renamed.
 * `periodSeconds` is null without a cycle and where sampling cannot exclude an alias: what the samples show is `apparentPeriodSeconds` then. `memUtilMax` is a whole percent.
 * `heldBy` names containers as namespace/pod/container; null where it is not known.
 * Before the first verdict `pattern` is `insufficient` and `jobType` is `Unknown`.
 */
export function jsonCycle(snapshot: Snapshot, gpus: readonly GpuView[], address: string): string {
  return JSON.stringify({
    time: new Date(snapshot.timeMs).toISOString(),
    source: snapshot.source.kind,
    simulated: snapshot.source.simulated,
    address,
    ...(snapshot.source.up
      ? {}
      : { problem: { reason: snapshot.source.reason, detail: snapshot.source.detail } }),
    gpus: gpus.map((gpu) => ({
      index: gpu.index,
      uuid: gpu.uuid,
      model: gpu.model,
      up: gpu.up,
      pattern: gpu.verdict?.pattern ?? 'insufficient',
      jobType: gpu.verdict?.jobType ?? 'Unknown',
      tentative: gpu.verdict?.tentative ?? false,
      periodSeconds: rounded(gpu.verdict?.periodSeconds ?? null, 3),
      apparentPeriodSeconds: rounded(gpu.verdict?.apparentPeriodSeconds ?? null, 3),
      confidence: rounded(gpu.verdict?.confidence ?? 0, 2),
      memUtilMax: rounded(gpu.verdict?.memUtilMaxPercent ?? null, 0),
      heldBy: gpu.heldBy,
      annotations: gpu.annotations,
    })),
  });
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

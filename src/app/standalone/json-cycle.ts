import type { Snapshot } from '../../sampling/snapshot.ts';
import type { GpuReadings, GpuView, VerdictView } from './gpu-view.ts';

/**
 * One line of `--json`: a promise to scripts, so fields are added but never renamed.
 * `periodSeconds` is null without a cycle and where sampling cannot exclude an alias: what the samples show is `apparentPeriodSeconds` then. `memUtilMax` is a whole percent.
 * `heldBy` names containers as namespace/pod/container; null where it is not known.
 * `state` is the pattern, but `stalled`, `lost`, `held-idle` (pattern `alloc-idle`) and `watching` where it is that.
 * Readings are the newest ones, with their unit in the name; null where the driver gives none.
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
      state: gpu.state,
      ...verdictFields(gpu.verdict),
      ...readingFields(gpu),
      heldBy: gpu.heldBy,
      annotations: gpu.annotations,
    })),
  });
}

function verdictFields(verdict: VerdictView | null): object {
  if (verdict === null) return watching;
  return {
    pattern: verdict.pattern,
    jobType: verdict.jobType,
    tentative: verdict.tentative,
    periodSeconds: rounded(verdict.periodSeconds, 3),
    apparentPeriodSeconds: rounded(verdict.apparentPeriodSeconds, 3),
    confidence: rounded(verdict.confidence, 2),
    stall: verdict.stall,
    since: new Date(verdict.sinceMs).toISOString(),
    memUtilMax: rounded(verdict.memUtilMaxPercent, 0),
  };
}

function readingFields(gpu: GpuReadings): object {
  return {
    utilPercent: rounded(gpu.utilPercent, 1),
    memoryUsedMiB: rounded(gpu.memoryUsedMiB, 0),
    memoryTotalMiB: rounded(gpu.memoryTotalMiB, 0),
    powerWatts: rounded(gpu.powerWatts, 1),
    powerLimitWatts: rounded(gpu.powerLimitWatts, 1),
    temperatureCelsius: rounded(gpu.temperatureCelsius, 0),
    smClockMHz: rounded(gpu.smClockMHz, 0),
    processCount: gpu.processCount,
  };
}

/** Before the first verdict. */
const watching = {
  pattern: 'insufficient',
  jobType: 'Unknown',
  tentative: false,
  periodSeconds: null,
  apparentPeriodSeconds: null,
  confidence: 0,
  stall: false,
  since: null,
  memUtilMax: null,
};

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

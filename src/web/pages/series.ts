import type { HistoryView } from './api.ts';

/** One GPU's bins over the range that is shown, absolute values; all arrays have equal length. */
export interface GpuSeries {
  readonly stepSeconds: number;
  /** Unix seconds at which each bin starts. */
  times: number[];
  util: (number | null)[];
  memUsedMiB: (number | null)[];
  powerWatts: (number | null)[];
}

export function emptySeries(stepSeconds = 1): GpuSeries {
  return { stepSeconds, times: [], util: [], memUsedMiB: [], powerWatts: [] };
}

/** Lays newly fetched bins over the kept ones (the last few are fetched again, for they fill up late) and drops what is older than `keptSeconds`. */
export function merge(
  kept: GpuSeries,
  startSeconds: number,
  fresh: HistoryView['gpus'][string],
  keptSeconds: number,
): GpuSeries {
  const { stepSeconds } = kept;
  const overlapAt = kept.times.findIndex((time) => time >= startSeconds);
  const before = overlapAt === -1 ? kept.times.length : overlapAt;
  const newest = startSeconds + stepSeconds * (fresh.util.length - 1);
  const from = kept.times.findIndex((time) => time > newest - keptSeconds);
  const first = from === -1 ? before : Math.min(from, before);
  const times = fresh.util.map((_, offset) => startSeconds + stepSeconds * offset);
  return {
    stepSeconds,
    times: [...kept.times.slice(first, before), ...times],
    util: [...kept.util.slice(first, before), ...fresh.util],
    memUsedMiB: [...kept.memUsedMiB.slice(first, before), ...fresh.memUsedMiB],
    powerWatts: [...kept.powerWatts.slice(first, before), ...fresh.powerWatts],
  };
}

/** Values as percent of `capacity`; without a capacity, of the largest value seen. */
export function shares(
  values: readonly (number | null)[],
  capacity: number | null,
): (number | null)[] {
  let whole = capacity ?? 0;
  if (whole <= 0) for (const value of values) whole = Math.max(whole, value ?? 0);
  return values.map((value) => (value === null || whole <= 0 ? null : (100 * value) / whole));
}

export function mean(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}

/** Shortest stretch that a plot shows, so that the first minute does not look like ten. */
const shortestSeconds = 120;

/** Without the seconds before the first sample. */
export function sinceFirstSample(series: GpuSeries): GpuSeries {
  const first = series.times.findIndex(
    (_, at) => (series.util[at] ?? series.memUsedMiB[at] ?? series.powerWatts[at] ?? null) !== null,
  );
  const shortest = Math.max(2, shortestSeconds / series.stepSeconds);
  const from = Math.max(0, Math.min(first, series.times.length - shortest));
  return {
    stepSeconds: series.stepSeconds,
    times: series.times.slice(from),
    util: series.util.slice(from),
    memUsedMiB: series.memUsedMiB.slice(from),
    powerWatts: series.powerWatts.slice(from),
  };
}

/** Readings come at randomised intervals, so a second without one is not a gap; more than `seconds` are. */
export function bridged(values: readonly (number | null)[], seconds: number): (number | null)[] {
  let last: number | null = null;
  let age = 0;
  return values.map((value) => {
    age = value === null ? age + 1 : 0;
    last = value ?? last;
    return age <= seconds ? last : null;
  });
}

import { idleMemoryMiB } from '../pattern/idle-memory.ts';
import type { UsageSeries } from '../verdict.ts';
import { forecast } from '../thresholds.ts';

/** Largest value in the last `seconds` before `endSeconds`, without the last `exceptSeconds` of them; null without samples there. */
export function recentMaximum(
  series: UsageSeries | undefined,
  seconds: number,
  endSeconds: number,
  exceptSeconds = 0,
): number | null {
  if (series === undefined) return null;
  let largest: number | null = null;
  for (let i = series.values.length - 1; i >= 0; i--) {
    const time = series.timesSeconds[i]!;
    if (time < endSeconds - seconds) break;
    if (exceptSeconds > 0 && time > endSeconds - exceptSeconds) continue;
    if (largest === null || series.values[i]! > largest) largest = series.values[i]!;
  }
  return largest;
}

/** How long the GPU has been empty: since when no more was held than an idle one may hold, seconds. Zero when it is not, or for longer than is looked back. */
function emptySeconds(series: UsageSeries, endSeconds: number, limitMiB: number): number {
  for (let i = series.values.length - 1; i >= 0; i--) {
    const seconds = endSeconds - series.timesSeconds[i]!;
    if (seconds > forecast.memoryLastJobSeconds) return 0;
    if (series.values[i]! > limitMiB) return seconds;
  }
  return 0;
}

/**
 * A bound of the memory that will be used in the next two minutes, MiB: the largest of ten minutes and a margin, never above the total. The ten minutes end now,
 * on an empty GPU with the last job of the past hour: the next one is often the same again. The margin is smaller for a level that has been held for as long as
 * is foretold twice over. What the past cannot tell is a job larger than any before. Null without samples.
 */
export function nextMemoryMaximum(
  series: UsageSeries | undefined,
  endSeconds: number,
  memoryTotalMiB: number | undefined,
): number | null {
  if (series === undefined) return null;
  const empty = emptySeconds(series, endSeconds, idleMemoryMiB(memoryTotalMiB));
  const seconds = forecast.memoryHistorySeconds + empty;
  const largest = recentMaximum(series, seconds, endSeconds);
  if (largest === null) return null;
  const earlier = recentMaximum(series, seconds, endSeconds, forecast.memorySettledSeconds);
  const isSettled = earlier !== null && earlier >= forecast.memorySettledShare * largest;
  const { factor, marginMiB } = isSettled ? forecast.memorySettled : forecast.memoryYoung;
  const bound = largest * factor + marginMiB;
  return memoryTotalMiB === undefined ? bound : Math.min(bound, Math.max(memoryTotalMiB, largest));
}

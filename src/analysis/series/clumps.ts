import type { UsageSeries } from '../verdict.ts';
import { clumps } from '../thresholds.ts';

/** How near to each other samples are one reading, seconds; 0 where they do not come in clumps. */
function clumpSeconds({ timesSeconds }: UsageSeries): number {
  const count = timesSeconds.length - 1;
  let near = 0;
  for (let i = 0; i < count; i++) {
    if (timesSeconds[i + 1]! - timesSeconds[i]! < clumps.mostSeconds) near++;
  }
  // Most series are known to have none by this.
  if (near === 0 || near < clumps.leastShare * count || near === count) return 0;
  const intervals = timesSeconds.slice(1).map((time, i) => time - timesSeconds[i]!);
  const long = intervals.toSorted()[Math.floor(clumps.longQuantile * count)]!;
  if (long < clumps.leastLongSeconds) return 0;
  const limit = Math.max(clumps.leastSeconds, clumps.shareOfLong * long);
  const seconds = Math.min(clumps.mostSeconds, limit);
  return intervals.filter((each) => each < seconds).length < clumps.leastShare * count
    ? 0
    : seconds;
}

/**
 * Samples that come in clumps, as of several GPUs in one log without their names, or of a logger that writes a reading twice: each clump becomes one sample, its mean at its
 * first stamp. What lies within a clump is no faster sampling, and no period may rest on it. Returns the same object where there are none.
 */
export function mergeClumps(series: UsageSeries): UsageSeries {
  const seconds = clumpSeconds(series);
  if (seconds === 0) return series;
  const times: number[] = [];
  const values: number[] = [];
  let size = 0;
  for (const [i, time] of series.timesSeconds.entries()) {
    const value = series.values[i]!;
    if (size > 0 && time - times.at(-1)! < seconds) {
      size++;
      values[values.length - 1]! += (value - values.at(-1)!) / size;
      continue;
    }
    size = 1;
    times.push(time);
    values.push(value);
  }
  return { timesSeconds: Float64Array.from(times), values: Float64Array.from(values) };
}

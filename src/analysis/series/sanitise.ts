import type { UsageChannel, UsageSeries } from '../verdict.ts';
import { plausible } from '../thresholds.ts';

function rangeOf(channel: UsageChannel): readonly [number, number] {
  if (channel === 'memUsed') return plausible.memUsedMiB;
  if (channel === 'power') return plausible.powerWatts;
  return plausible.percent;
}

function isClean(series: UsageSeries, low: number, high: number): boolean {
  const { timesSeconds, values } = series;
  if (timesSeconds.length !== values.length) return false;
  let before = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const time = timesSeconds[i]!;
    const value = values[i]!;
    if (!(time > before && time < Infinity && value >= low && value <= high)) return false;
    before = time;
  }
  return true;
}

/**
 * The samples that can be true: finite stamps, values in the channel's range, ascending, one per stamp (the first given wins).
 * Returns the same object when nothing has to be dropped, which is the normal case.
 */
export function sanitise(channel: UsageChannel, series: UsageSeries): UsageSeries {
  const [low, high] = rangeOf(channel);
  if (isClean(series, low, high)) return series;
  const { timesSeconds, values } = series;
  const kept: number[] = [];
  for (let i = 0; i < Math.min(timesSeconds.length, values.length); i++) {
    if (Number.isFinite(timesSeconds[i]!) && values[i]! >= low && values[i]! <= high) kept.push(i);
  }
  kept.sort((a, b) => timesSeconds[a]! - timesSeconds[b]! || a - b);
  const order = kept.filter(
    (index, k) => k === 0 || timesSeconds[index] !== timesSeconds[kept[k - 1]!],
  );
  return {
    timesSeconds: Float64Array.from(order, (index) => timesSeconds[index]!),
    values: Float64Array.from(order, (index) => values[index]!),
  };
}

import type { GpuUsage, UsageChannel, UsageSeries } from '../verdict.ts';
import { plausible } from '../thresholds.ts';

function rangeOf(channel: UsageChannel): readonly [number, number] {
  if (channel === 'memUsed') return plausible.memUsedMiB;
  if (channel === 'power') return plausible.powerWatts;
  return plausible.percent;
}

const [earliest, latest] = plausible.stampSeconds;

function isClean(series: UsageSeries, low: number, high: number): boolean {
  const { timesSeconds, values } = series;
  if (timesSeconds.length !== values.length) return false;
  let before = -Infinity;
  if (!(timesSeconds.length === 0 || timesSeconds[0]! >= earliest)) return false;
  for (let i = 0; i < values.length; i++) {
    const time = timesSeconds[i]!;
    const value = values[i]!;
    if (!(time > before && time <= latest && value >= low && value <= high)) return false;
    before = time;
  }
  return true;
}

/**
 * The samples that can be true, ascending: a sample is dropped when its stamp or its value is not a number, infinite or outside of what is plausible (thresholds),
 * or when a sample with the same stamp was given before it. Values without a stamp and stamps without a value are dropped too.
 * Returns the same object when nothing has to be dropped or sorted, which is the normal case.
 */
export function sanitise(channel: UsageChannel, series: UsageSeries): UsageSeries {
  const [low, high] = rangeOf(channel);
  if (isClean(series, low, high)) return series;
  const { timesSeconds, values } = series;
  const kept: number[] = [];
  for (let i = 0; i < Math.min(timesSeconds.length, values.length); i++) {
    const time = timesSeconds[i]!;
    if (time >= earliest && time <= latest && values[i]! >= low && values[i]! <= high) kept.push(i);
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

/** The facts about the GPU without those that cannot be true: a capacity or a limit is a finite number above 0, or not known. */
export function sanitiseFacts(usage: GpuUsage): GpuUsage {
  const { memoryTotalMiB, powerLimitWatts } = usage;
  return {
    ...usage,
    memoryTotalMiB: isQuantity(memoryTotalMiB) ? memoryTotalMiB : undefined,
    powerLimitWatts: isQuantity(powerLimitWatts) ? powerLimitWatts : undefined,
  };
}

function isQuantity(value: number | undefined): boolean {
  return value !== undefined && value > 0 && value < Infinity;
}

import { sorted } from '../series/statistics.ts';
import { detector } from '../thresholds.ts';
import { otsuSplit } from './on-off-noise.ts';

/** Samples from each rise above the split of Otsu to the next. */
export function edgeIntervals(values: Float64Array): readonly number[] {
  const ascending = sorted(values);
  const threshold = ascending[Math.min(otsuSplit(ascending), values.length - 1)]!;
  const intervals: number[] = [];
  let last = -1;
  for (let i = 1; i < values.length; i++) {
    if (values[i]! < threshold || values[i - 1]! >= threshold) continue;
    if (last >= 0) intervals.push(i - last);
    last = i;
  }
  return intervals;
}

/**
 * Whether nearly all intervals are whole multiples (a rise may be missed) of the period, within a fifth of it. The times between random bursts are spread
 * evenly over the period, so that two fifths of them are by chance; noise on a curve makes rises of its own, and no period regular.
 */
export function isRegular(intervals: readonly number[], periodSamples: number): boolean {
  if (intervals.length < detector.regularIntervals) return false;
  let fitting = 0;
  for (const interval of intervals) {
    const periods = interval / periodSamples;
    const whole = Math.round(periods);
    if (whole >= 1 && Math.abs(periods - whole) <= detector.regularTolerance) fitting++;
  }
  return fitting >= detector.regularShare * intervals.length;
}

import { deviation, sorted } from '../series/statistics.ts';
import { detector } from '../thresholds.ts';
import { otsuSplit } from './on-off-noise.ts';

/** Where a series goes up, and how clearly. */
export interface Edges {
  /** Samples from each rise above the split of Otsu to the next. */
  readonly intervals: readonly number[];
  /** Share of the variance that lies between the two sides of the split: near 1 where there are two levels and nothing between. */
  readonly twoLevelShare: number;
}

/** The split is Otsu's (on-off-noise); the share is what it makes largest, over the variance of all (Otsu 1979, eq. 18). */
export function edgesOf(values: Float64Array): Edges {
  const ascending = sorted(values);
  const lows = Math.min(otsuSplit(ascending), values.length - 1);
  const threshold = ascending[lows]!;
  const intervals: number[] = [];
  let last = -1;
  for (let i = 1; i < values.length; i++) {
    if (values[i]! < threshold || values[i - 1]! >= threshold) continue;
    if (last >= 0) intervals.push(i - last);
    last = i;
  }
  const spread = deviation(values);
  const within = lows * deviation(ascending.subarray(0, lows)) ** 2;
  const above = (values.length - lows) * deviation(ascending.subarray(lows)) ** 2;
  const share = spread > 0 ? 1 - (within + above) / (values.length * spread ** 2) : 0;
  return { intervals, twoLevelShare: share };
}

/**
 * What p against random on/off is multiplied by: less where every rise is in time, more where there are two levels that change out of time, as random on/off does.
 */
export function onOffWeight({ intervals, twoLevelShare }: Edges, periodSamples: number): number {
  if (isRegular(intervals, periodSamples)) return detector.regularWeight;
  if (intervals.length < detector.regularIntervals) return 1;
  return twoLevelShare >= detector.twoLevelShare ? detector.irregularWeight : 1;
}

/**
 * Whether nearly all intervals are whole multiples (a rise may be missed) of the period, within a fifth of it. The times between random bursts are spread
 * evenly over the period, so that two fifths of them are by chance; noise on a curve makes rises of its own, and no period regular. Not where there are too few.
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

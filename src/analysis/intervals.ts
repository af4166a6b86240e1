import { aliasing } from './thresholds.ts';

/** How the samples of a series lie in time, gaps left out. Seconds; the variation is the coefficient of variation, 0 for even samples. */
export interface Intervals {
  readonly medianSeconds: number;
  readonly meanSeconds: number;
  readonly variation: number;
  /** Share of the intervals that are whole multiples of the shortest: near 1 where a clock ticks behind them, as of stamps in whole half seconds. */
  readonly latticeShare: number;
}

/** Null for fewer than three samples. Stamps ascend. */
export function intervalsOf(timesSeconds: Float64Array): Intervals | null {
  const count = timesSeconds.length - 1;
  if (count < 2) return null;
  const intervals = new Float64Array(count);
  for (let i = 0; i < count; i++) intervals[i] = timesSeconds[i + 1]! - timesSeconds[i]!;
  const ascending = Float64Array.from(intervals).sort();
  const medianSeconds = ascending[count >> 1]!;
  const shortSeconds = ascending[Math.floor(aliasing.shortShare * count)]!;
  const longest = aliasing.gapMedians * medianSeconds;
  let usual = 0;
  let total = 0;
  let squares = 0;
  let onLattice = 0;
  for (const interval of intervals) {
    if (interval > longest) continue;
    usual++;
    total += interval;
    squares += interval * interval;
    const multiple = interval / shortSeconds;
    if (Math.abs(multiple - Math.round(multiple)) <= aliasing.latticeTolerance) onLattice++;
  }
  const meanSeconds = total / usual;
  const variance = Math.max(0, squares / usual - meanSeconds * meanSeconds);
  return {
    medianSeconds,
    meanSeconds,
    variation: Math.sqrt(variance) / meanSeconds,
    latticeShare: onLattice / usual,
  };
}

/** Whether the intervals vary so much that nothing can keep in step with them. */
export function isRandomised({ variation, latticeShare }: Intervals): boolean {
  return variation >= aliasing.leastVariation && latticeShare <= aliasing.mostLatticeShare;
}

import type { GridSeries } from '../series/grid.ts';
import { percentile, sorted } from '../series/statistics.ts';
import { ending, sufficiency } from '../thresholds.ts';

/**
 * Deviation of each stretch of `length` points, the first one ending with the last point and each next one `step` points earlier. Infinite where too many
 * samples are missing: the straight line across a hole is no rest.
 */
function deviationsBackwards(grid: GridSeries, length: number, step: number): Float64Array {
  const { values, covered } = grid;
  const n = values.length;
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  const known = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    sums[i + 1] = sums[i]! + values[i]!;
    squares[i + 1] = squares[i]! + values[i]! ** 2;
    known[i + 1] = known[i]! + covered[i]!;
  }
  const deviations = new Float64Array(Math.floor((n - length) / step) + 1);
  for (let k = 0; k < deviations.length; k++) {
    const end = n - k * step;
    const start = end - length;
    const mean = (sums[end]! - sums[start]!) / length;
    const variance = (squares[end]! - squares[start]!) / length - mean * mean;
    const missingShare = 1 - (known[end]! - known[start]!) / length;
    deviations[k] =
      missingShare > sufficiency.maxMissingShare ? Infinity : Math.sqrt(Math.max(0, variance));
  }
  return deviations;
}

/**
 * Whether a cycle found in a window still runs at its end. It has ended when for one and a half periods and as long as a pause may last the channel hardly moves,
 * compared with the quarter of such stretches that move most, unless it rested for as long before and went on: checkpoints pause the steps of a training.
 */
export function isGoingOn(
  grid: GridSeries,
  periodSeconds: number,
  pauseSeconds: number = ending.pauseSeconds,
): boolean {
  const seconds = Math.max(ending.periods * periodSeconds, pauseSeconds);
  const length = Math.ceil(seconds / grid.stepSeconds);
  const step = Math.max(1, Math.floor(length / ending.looksPerStretch));
  if (length < 2 || length > grid.values.length) return true;
  const deviations = deviationsBackwards(grid, length, step);
  const usual = percentile(sorted(deviations.filter(Number.isFinite)), ending.usualPercentile);
  const isQuiet = (k: number): boolean => deviations[k]! < ending.quietShare * usual;
  let now = 0;
  while (now < deviations.length && isQuiet(now)) now++;
  if (now === 0) return true;
  let pause = 0;
  for (let k = now; k < deviations.length; k++) {
    // What is quiet from the start of the window on came before the cycle, so that a pause counts once it is over.
    if (!isQuiet(k) && pause >= now) return true;
    pause = isQuiet(k) ? pause + 1 : 0;
  }
  return false;
}

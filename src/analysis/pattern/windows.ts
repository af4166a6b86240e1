import { lastSeconds, missingShare, type GridSeries } from '../series/grid.ts';
import { decimate } from '../series/decimate.ts';
import { sufficiency, windows } from '../thresholds.ts';
import { lastChange } from './change-point.ts';

/** The windows worth trying on data of this length, shortest first; the last holds everything up to the longest. */
export function windowsFor(
  spanSeconds: number,
  lengthsSeconds: readonly number[] = windows.lengthsSeconds,
): readonly number[] {
  return lengthsSeconds.filter(
    (_, i) => i === 0 || spanSeconds > lengthsSeconds[i - 1]! * windows.minGrowth,
  );
}

/** Seconds from the first point of a grid to its last. */
export function spanOf(grid: GridSeries): number {
  return (grid.values.length - 1) * grid.stepSeconds;
}

/** The end of a grid within a window, or null when it is too short, too thin or too full of holes to say anything. */
export function usableWindow(
  grid: GridSeries,
  seconds: number,
  endSeconds: number,
): GridSeries | null {
  const part = lastSeconds(grid, seconds, endSeconds);
  if (part === null || part.values.length < sufficiency.minSamples) return null;
  if (spanOf(part) < sufficiency.minSpanSeconds) return null;
  return missingShare(part) > sufficiency.maxMissingShare ? null : part;
}

/** The window a class is decided on: the shortest with enough samples for a percentile, else the longest usable. */
export function classWindow(
  grid: GridSeries,
  lengthsSeconds: readonly number[],
  endSeconds: number,
): GridSeries | null {
  let longest: GridSeries | null = null;
  for (const seconds of lengthsSeconds) {
    const part = usableWindow(grid, seconds, endSeconds);
    if (part !== null && part.values.length >= windows.minClassSamples) return part;
    longest = part ?? longest;
  }
  return longest;
}

/** For each window in which the level changed, the time since its last change; shortest first, those that differ little only once. */
export function windowsSinceChange(
  util: GridSeries,
  lengthsSeconds: readonly number[],
  endSeconds: number,
): readonly number[] {
  const since: number[] = [];
  for (const seconds of lengthsSeconds) {
    const part = usableWindow(util, seconds, endSeconds);
    if (part === null) continue;
    const { values, factor } = decimate(part.values);
    const change = lastChange(values);
    if (change === 0) continue;
    const length = (values.length - change) * factor * part.stepSeconds;
    if (length > (since.at(-1) ?? 0) * windows.minGrowth) since.push(length);
  }
  return since;
}

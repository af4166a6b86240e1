import type { GridSeries } from '../series/grid.ts';
import { aliasing } from '../thresholds.ts';

/**
 * Share (0-1) of the time that a load is known to pause, i.e. lies below `limit`. A sample tells of the second at most that the driver averages over; between two low
 * samples in a row nothing is known to have run. So one low sample a minute is a second of pause, two in a row are a minute.
 */
export function gapShare(
  { values, stepSeconds }: Pick<GridSeries, 'values' | 'stepSeconds'>,
  limit: number,
): number {
  const alone = Math.min(1, aliasing.averagedSeconds / stepSeconds);
  let steps = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= limit) continue;
    steps += i > 0 && values[i - 1]! < limit ? 1 : alone;
  }
  return steps / values.length;
}

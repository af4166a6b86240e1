import { lastChange } from '../pattern/change-point.ts';
import { lastSeconds, type GridSeries } from '../series/grid.ts';
import { mean } from '../series/statistics.ts';
import { forecast } from '../thresholds.ts';

/**
 * The next `count` points of a cyclic series as a copy of its last cycle (half the error of any mean). Null when there are not two whole cycles, or when the
 * last two differ so much (15 points on average) that the copy would mislead.
 */
export function copyLastCycle(
  values: Float64Array,
  periodSamples: number,
  count: number,
): Float64Array | null {
  const period = Math.round(periodSamples);
  const n = values.length;
  if (period < 1 || n < 2 * period) return null;
  let difference = 0;
  for (let i = n - period; i < n; i++) difference += Math.abs(values[i]! - values[i - period]!);
  if (difference / period > forecast.maxCycleDrift) return null;
  const next = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // Whole multiples of the exact period, so that many cycles ahead stay in phase.
    const cyclesBack = Math.floor(i / periodSamples) + 1;
    next[i] = values[Math.min(n - 1, Math.round(n + i - cyclesBack * periodSamples))]!;
  }
  return next;
}

/** Expected mean utilisation of the next two minutes, percent: the last cycle repeated, else the mean since the last change of level within two minutes. */
export function nextMeanUtilisation(
  util: GridSeries,
  endSeconds: number,
  periodSeconds: number | null,
): number {
  const { horizonSeconds } = forecast;
  if (periodSeconds !== null) {
    const count = Math.max(1, Math.round(horizonSeconds / util.stepSeconds));
    const copied = copyLastCycle(util.values, periodSeconds / util.stepSeconds, count);
    if (copied !== null) return mean(copied);
  }
  const recent = (lastSeconds(util, horizonSeconds, endSeconds) ?? util).values;
  const periodSamples = periodSeconds === null ? 0 : periodSeconds / util.stepSeconds;
  return mean(recent.subarray(lastChange(recent, periodSamples)));
}

import { lastChange } from '../pattern/change-point.ts';
import { lastSeconds, type GridSeries } from '../series/grid.ts';
import { mean } from '../series/statistics.ts';
import { forecast } from '../thresholds.ts';
import { cycleAhead } from './cycle-ahead.ts';

/** Expected mean utilisation of the next two minutes, percent: the cycle continued, else the mean since the last change of level within two minutes. */
export function nextMeanUtilisation(
  util: GridSeries,
  endSeconds: number,
  periodSeconds: number | null,
): number {
  const { horizonSeconds } = forecast;
  if (periodSeconds !== null) {
    const count = Math.max(1, Math.round(horizonSeconds / util.stepSeconds));
    const continued = cycleAhead(util.values, periodSeconds / util.stepSeconds, count);
    if (continued !== null) return mean(continued);
  }
  const recent = (lastSeconds(util, horizonSeconds, endSeconds) ?? util).values;
  const periodSamples = periodSeconds === null ? 0 : periodSeconds / util.stepSeconds;
  return mean(recent.subarray(lastChange(recent, periodSamples)));
}

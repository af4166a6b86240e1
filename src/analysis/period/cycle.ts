import type { GridSeries } from '../series/grid.ts';
import { percentile, sorted } from '../series/statistics.ts';
import type { Cycle } from '../verdict.ts';
import type { Detection } from './detect.ts';
import { periodMargin } from './margin.ts';

/** Share (0-1) of the whole cycles at the end of the window that is above the middle between low (P5) and high (P95). */
export function dutyRatio(values: Float64Array, periodSamples: number): number {
  const whole = Math.floor(Math.floor(values.length / periodSamples) * periodSamples);
  const recent = values.subarray(values.length - whole);
  const ascending = sorted(recent);
  const middle = (percentile(ascending, 5) + percentile(ascending, 95)) / 2;
  let above = 0;
  for (let i = 0; i < recent.length; i++) if (recent[i]! > middle) above++;
  return above / recent.length;
}

/** The public facts of a detection made in `grid`, but for a slower cycle on top (slower-period). `publishable`: whether aliasing is excluded (alias-guard). */
export function describeCycle(
  detection: Omit<Detection, 'contrast'>,
  grid: GridSeries,
  publishable: boolean,
): Cycle {
  const periodSamples = detection.periodSeconds / grid.stepSeconds;
  return {
    periodSeconds: detection.periodSeconds,
    publishable,
    periodMarginSeconds: periodMargin(grid.values, periodSamples) * grid.stepSeconds,
    slowerPeriodSeconds: null,
    cycles: detection.cycles,
    dutyRatio: dutyRatio(grid.values, periodSamples),
    channel: detection.channel,
    pValue: detection.pValue,
  };
}

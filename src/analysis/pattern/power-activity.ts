import type { GridSeries } from '../series/grid.ts';
import { percentile, sorted } from '../series/statistics.ts';
import { powerStandIn } from '../thresholds.ts';

/**
 * Power as a stand-in for utilisation: percent of the way from the floor to the ceiling of the board, both learned from the series. Where it never rested the floor is
 * assumed; where it never worked (by the limit, W, if that is known) all is 0. A stand-in tells rest from work, not how much of the time kernels ran.
 */
export function powerActivity(power: GridSeries, limitWatts: number | undefined): GridSeries {
  const ascending = sorted(power.values);
  const [low, high] = powerStandIn.extremePercentiles;
  const lowest = percentile(ascending, low);
  const highest = percentile(ascending, high);
  if (isAtRest(lowest, highest, limitWatts)) {
    return { ...power, values: new Float64Array(power.values.length) };
  }
  const isQuiet =
    percentile(ascending, powerStandIn.restPercentile) - lowest <= powerStandIn.restShare * highest;
  const rested = isQuiet && lowest <= powerStandIn.floorShare * highest;
  const floor = rested ? lowest : powerStandIn.assumedFloorShare * highest;
  const values = power.values.map((watts) =>
    Math.min(100, Math.max(0, (100 * (watts - floor)) / (highest - floor))),
  );
  return { ...power, values };
}

function isAtRest(lowest: number, highest: number, limitWatts: number | undefined): boolean {
  if (limitWatts !== undefined) return highest <= powerStandIn.idleLimitShare * limitWatts;
  if (highest <= powerStandIn.idleWatts) return lowest >= powerStandIn.idleRippleShare * highest;
  const quiet = Math.max(powerStandIn.quietWatts, powerStandIn.quietShare * highest);
  return highest <= powerStandIn.quietIdleWatts && highest - lowest <= quiet;
}

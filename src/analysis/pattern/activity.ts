import type { GridSeries } from '../series/grid.ts';
import type { PreparedUsage } from '../series/prepare.ts';
import { changePoint, powerStandIn, type ClassThresholds } from '../thresholds.ts';
import type { GpuUsage } from '../verdict.ts';
import { powerActivity } from './power-activity.ts';

/** What tells how much a GPU works, percent: utilisation, or power in its stead. */
export interface Activity {
  readonly grid: GridSeries;
  readonly isStandIn: boolean;
  /** Up to these the GPU is idle. */
  readonly idleP97: number;
  readonly idleMean: number;
  /** Levels nearer to each other than this are one for a change of what the GPU does. */
  readonly minJump: number;
}

/** Null where neither utilisation nor power is known. */
export function activityOf(
  prepared: PreparedUsage,
  usage: Pick<GpuUsage, 'powerLimitWatts'>,
  { idleP97, idleMean }: ClassThresholds,
): Activity | null {
  const util = prepared.grid('util');
  if (util !== null)
    return { grid: util, isStandIn: false, idleP97, idleMean, minJump: changePoint.minJump };
  const power = prepared.grid('power');
  if (power === null) return null;
  return {
    grid: powerActivity(power, usage.powerLimitWatts),
    isStandIn: true,
    idleP97: powerStandIn.idleP97,
    idleMean: powerStandIn.idleMean,
    minJump: powerStandIn.minJump,
  };
}

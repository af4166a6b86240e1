import type { GridSeries } from '../series/grid.ts';
import { minimum } from '../series/statistics.ts';
import { stall } from '../thresholds.ts';

/**
 * Whether a GPU waits at full utilisation: >= 95 % busy at little power for at least half of the time, as ranks do that spin in a collective.
 * `power`: W. Idle power is the lowest seen, at most 15 % of the limit.
 */
export function isStalled(util: GridSeries, power: GridSeries, powerLimitWatts: number): boolean {
  const idleWatts = Math.min(minimum(power.values), stall.idlePowerShare * powerLimitWatts);
  const lowWatts = idleWatts + stall.powerShare * (powerLimitWatts - idleWatts);
  let waiting = 0;
  for (let i = 0; i < power.values.length; i++) {
    const time = power.startSeconds + i * power.stepSeconds;
    const at = Math.round((time - util.startSeconds) / util.stepSeconds);
    const busy = util.values[Math.min(util.values.length - 1, Math.max(0, at))]!;
    if (busy >= stall.utilPercent && power.values[i]! < lowWatts) waiting++;
  }
  return waiting >= stall.timeShare * power.values.length;
}

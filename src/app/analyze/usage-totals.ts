import type { GpuUsage, UsageSeries } from '../../analysis/verdict.ts';
import { longestHole } from './gaps.ts';

/** Sums over all samples, each weighted by the time that it stands for; null where nothing of the kind was recorded. */
export interface UsageTotals {
  readonly utilMeanPercent: number | null;
  /** At least as high for 5 % of the time. */
  readonly utilP95Percent: number | null;
  readonly powerMeanWatts: number | null;
  readonly energyJoules: number | null;
}

/** Utilisation in tenths of a percent: drivers give whole ones, others means. */
const bins = 1_000;

export function usageTotals({ channels }: GpuUsage): UsageTotals {
  const { util, power } = channels;
  const drawn = power === undefined ? null : weighted(power, null);
  const perBin = new Float64Array(bins + 1);
  const busy = util === undefined ? null : weighted(util, perBin);
  return {
    utilMeanPercent: busy && busy.mean,
    utilP95Percent: busy && quantile(perBin, 0.95),
    powerMeanWatts: drawn && drawn.mean,
    // One sample stands for no time.
    energyJoules: drawn && drawn.seconds > 0 ? drawn.sum : null,
  };
}

interface Weighted {
  /** Values times seconds. */
  readonly sum: number;
  readonly seconds: number;
  readonly mean: number;
}

function weighted(
  { timesSeconds, values }: UsageSeries,
  perBin: Float64Array | null,
): Weighted | null {
  const count = values.length;
  if (count === 0) return null;
  const longest = longestHole(timesSeconds);
  let [sum, seconds, plain] = [0, 0, 0];
  let before = 0;
  for (let i = 0; i < count; i++) {
    const gap = i + 1 < count ? timesSeconds[i + 1]! - timesSeconds[i]! : 0;
    // Nothing is known of what lies in a gap.
    const after = gap <= longest ? gap / 2 : 0;
    const weight = before + after;
    before = after;
    const value = values[i]!;
    sum += weight * value;
    seconds += weight;
    plain += value;
    const bin = Math.min(bins, Math.max(0, Math.round((bins / 100) * value)));
    if (perBin !== null) perBin[bin]! += count === 1 ? 1 : weight;
  }
  return { sum, seconds, mean: seconds > 0 ? sum / seconds : plain / count };
}

function quantile(perBin: Float64Array, share: number): number {
  let total = 0;
  for (const weight of perBin) total += weight;
  let below = 0;
  for (let bin = 0; bin <= bins; bin++) {
    below += perBin[bin]!;
    if (below >= share * total) return (100 * bin) / bins;
  }
  return 100;
}

import { createRandom } from '../../lib/random.ts';
import { detector } from '../thresholds.ts';
import { sorted } from '../series/statistics.ts';
import type { SurrogateSource } from './red-noise.ts';

/** How many of the ascending values are "low": the split with the largest variance between the two sides (Otsu 1979). */
export function otsuSplit(ascending: Float64Array): number {
  const n = ascending.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += ascending[i]!;
  let below = 0;
  let best = 1;
  let bestVariance = -1;
  for (let count = 1; count < n; count++) {
    below += ascending[count - 1]!;
    if (ascending[count] === ascending[count - 1]) continue;
    const difference = below / count - (total - below) / (n - count);
    const variance = count * (n - count) * difference * difference;
    if (variance > bestVariance) {
      bestVariance = variance;
      best = count;
    }
  }
  return best;
}

function countRuns(observed: Float64Array, threshold: number): { low: number; high: number } {
  const runs = { low: 0, high: 0 };
  for (let i = 0; i < observed.length; i++) {
    const isHigh = observed[i]! >= threshold;
    if (i > 0 && observed[i - 1]! >= threshold === isHigh) continue;
    if (isHigh) runs.high++;
    else runs.low++;
  }
  return runs;
}

/**
 * Random on/off: a two-state Markov chain with the observed mean run lengths, each state drawing from the values observed in it.
 * Null hypothesis for bursts and levels that come and go without a clock; an AR(1) background lets 5-7 % of those pass.
 */
export function onOffNoise(observed: Float64Array): SurrogateSource {
  const n = observed.length;
  const ascending = sorted(observed);
  const lows = otsuSplit(ascending);
  const highs = n - lows;
  const runs = countRuns(observed, ascending[Math.min(lows, n - 1)]!);
  const leaveLow = Math.min(1, runs.low / lows);
  const leaveHigh = Math.min(1, runs.high / Math.max(1, highs));
  const random = createRandom(detector.seed + 1);
  return (out) => {
    let isHigh = random() < highs / n;
    for (let i = 0; i < n; i++) {
      const pick = random();
      out[i] = isHigh
        ? ascending[lows + Math.floor(pick * highs)]!
        : ascending[Math.floor(pick * lows)]!;
      if (random() < (isHigh ? leaveHigh : leaveLow)) isHigh = !isHigh;
    }
  };
}

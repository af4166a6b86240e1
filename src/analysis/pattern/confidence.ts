import { detector, windows } from '../thresholds.ts';

/** Steps of 0.05, so that the noise of a margin is not a change. */
export function toConfidence(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 20) / 20;
}

/** How far from the edge of a class (margin 0) to its middle (1), less when few samples carry it: 0.5 to 1, and down to 0.25 with the fewest samples. */
export function classConfidence(margin: number, samples: number): number {
  const support = Math.min(1, samples / windows.minClassSamples);
  return toConfidence((0.5 + 0.5 * Math.min(1, Math.max(0, margin))) * (0.5 + 0.5 * support));
}

/** 0.5 at the threshold; 1 from seven cycles on with p a hundredth of what is asked for. The weaker of the two counts. */
export function cycleConfidence(cycles: number, pValue: number): number {
  const byCycles = (cycles - detector.minCycles) / 4;
  const byChance = Math.log10(detector.alpha / Math.max(pValue, 1e-12)) / 2;
  return toConfidence(0.5 + 0.5 * Math.min(1, Math.max(0, Math.min(byCycles, byChance))));
}

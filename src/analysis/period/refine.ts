import { detector } from '../thresholds.ts';
import { contrastNear, teethOf } from './comb.ts';

/**
 * A period (samples) made exact by the top of its last tooth: a parabola through the highest correlation near J periods, divided by J.
 * Unchanged when the top lies at an end of the search or moves the period by more than 8 %.
 */
export function refinePeriod(correlation: Float64Array, period: number): number {
  const maxLag = correlation.length - 1;
  const teeth = teethOf(period, maxLag);
  const reach = detector.refineSearchShare * period;
  const first = Math.max(1, Math.ceil(teeth * period - reach));
  const last = Math.min(maxLag - 1, Math.floor(teeth * period + reach));
  let top = first;
  for (let lag = first; lag <= last; lag++) if (correlation[lag]! > correlation[top]!) top = lag;
  const before = correlation[top - 1]!;
  const here = correlation[top]!;
  const after = correlation[top + 1]!;
  const curvature = before - 2 * here + after;
  if (first > last || here < before || here < after || curvature >= 0) return period;
  const refined = (top + (before - after) / (2 * curvature)) / teeth;
  return Math.abs(refined / period - 1) > detector.refineMaxShift ? period : refined;
}

/**
 * The fundamental of a refined period (samples): the smallest of its sixth ... half that scores nearly as well, else the period itself. Multiples of the true
 * period score as high as it does, and higher where the grid of the comb falls beside its narrow peak.
 */
export function fundamentalOf(correlation: Float64Array, period: number): number {
  const enough = detector.smallestShare * contrastNear(correlation, period);
  for (let divisor: number = detector.maxTeeth; divisor >= 2; divisor--) {
    const part = period / divisor;
    if (part < detector.minPeriodSamples) continue;
    if (contrastNear(correlation, part) >= enough) return refinePeriod(correlation, part);
  }
  return period;
}

/** The index to report: the smallest significant period that scores nearly as well as the best, moved to the best score just above it. */
export function chooseIndex(
  periods: Float64Array,
  contrast: Float32Array,
  significant: readonly number[],
): number {
  let best = 0;
  for (const index of significant) best = Math.max(best, contrast[index]!);
  const smallest = significant.find((i) => contrast[i]! >= detector.smallestShare * best) ?? 0;
  let chosen = smallest;
  for (let i = smallest; i < periods.length; i++) {
    if (periods[i]! > periods[smallest]! * detector.smallestReach) break;
    if (contrast[i]! > contrast[chosen]!) chosen = i;
  }
  return chosen;
}

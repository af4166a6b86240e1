import { detrendInPlace } from '../series/detrend.ts';
import { detector } from '../thresholds.ts';
import type { Autocorrelation } from './autocorrelation.ts';
import type { Comb } from './comb.ts';
import { onOffNoise } from './on-off-noise.ts';
import { redNoise, type SurrogateSource } from './red-noise.ts';

const eulerGamma = 0.5772;

/** What is tested: contrasts per period of the comb, the indexes of those worth testing, and the series (clipped, not detrended) they came from. */
export interface Candidates {
  readonly values: Float64Array;
  readonly contrast: Float32Array;
  readonly indexes: readonly number[];
}

interface Tools {
  readonly autocorrelation: Autocorrelation;
  readonly comb: Comb;
}

/**
 * p of each candidate (in their order): the chance that a series without a period reaches such a contrast at any period; the larger of the two nulls.
 * Null when no candidate stays below alpha; `onReject` is then told the smallest p. Yields after each pair of surrogates (some tenths of a millisecond).
 */
export function* significance(
  candidates: Candidates,
  tools: Tools,
  alpha: number,
  onReject?: (smallestP: number) => void,
): Generator<void, Float64Array | null> {
  const worst = new Float64Array(candidates.indexes.length);
  const scores = new Float32Array(detector.surrogates * tools.comb.periods.length);
  for (const make of [redNoise, onOffNoise]) {
    const pValues = yield* testAgainst(make(candidates.values), candidates, tools, alpha, scores);
    for (let i = 0; i < worst.length; i++) worst[i] = Math.max(worst[i]!, pValues[i]!);
    if (worst.some((p) => p < alpha)) continue;
    onReject?.(Math.min(...worst));
    return null;
  }
  return worst;
}

function* testAgainst(
  source: SurrogateSource,
  candidates: Candidates,
  tools: Tools,
  alpha: number,
  scores: Float32Array,
): Generator<void, Float64Array> {
  const n = candidates.values.length;
  const { autocorrelation, comb } = tools;
  const pair = [new Float64Array(n), new Float64Array(n)] as const;
  const scratch = new Float64Array(n);
  const correlations = [
    new Float64Array(autocorrelation.maxLag + 1),
    new Float64Array(autocorrelation.maxLag + 1),
  ] as const;
  const width = comb.periods.length;
  for (let drawn = 0; ;) {
    for (const series of pair) {
      source(series);
      detrendInPlace(series, scratch);
    }
    autocorrelation.compute(pair[0], pair[1], correlations[0], correlations[1]);
    comb.score(correlations[0], scores, drawn++ * width);
    comb.score(correlations[1], scores, drawn++ * width);
    yield;
    const isLast = drawn >= detector.surrogates;
    if (!isLast && drawn !== detector.surrogatesFirst) continue;
    const pValues = gumbelP(scores, drawn, candidates);
    if (isLast || isClear(pValues, candidates, alpha)) return pValues;
  }
}

/** With the first surrogates only: nothing comes near, or every candidate that could be chosen is far beyond doubt. */
function isClear(pValues: Float64Array, candidates: Candidates, alpha: number): boolean {
  const { contrast, indexes } = candidates;
  let best = 0;
  for (const index of indexes) best = Math.max(best, contrast[index]!);
  let smallest = 1;
  let largestOfBest = 0;
  for (const [i, index] of indexes.entries()) {
    smallest = Math.min(smallest, pValues[i]!);
    if (contrast[index]! >= detector.smallestShare * best) {
      largestOfBest = Math.max(largestOfBest, pValues[i]!);
    }
  }
  return smallest > detector.earlyRejectP || largestOfBest < alpha * detector.earlyAcceptShare;
}

/**
 * Each period's contrast is standardised by the surrogates' mean and deviation at that period; the maxima of each surrogate over all periods follow a
 * Gumbel law, fitted by moments; p is its upper tail, which already accounts for having searched all periods.
 */
function gumbelP(scores: Float32Array, drawn: number, candidates: Candidates): Float64Array {
  const width = candidates.contrast.length;
  const means = new Float64Array(width);
  const scales = new Float64Array(width);
  for (let b = 0, at = 0; b < drawn; b++) {
    for (let p = 0; p < width; p++, at++) {
      means[p] = means[p]! + scores[at]!;
      scales[p] = scales[p]! + scores[at]! * scores[at]!;
    }
  }
  for (let p = 0; p < width; p++) {
    means[p] = means[p]! / drawn;
    const variance = Math.max(0, scales[p]! / drawn - means[p]! * means[p]!);
    scales[p] = 1 / (Math.sqrt(variance) + detector.deviationFloor);
  }
  let total = 0;
  let squares = 0;
  for (let b = 0, at = 0; b < drawn; b++) {
    let largest = -Infinity;
    for (let p = 0; p < width; p++, at++) {
      const z = (scores[at]! - means[p]!) * scales[p]!;
      if (z > largest) largest = z;
    }
    total += largest;
    squares += largest * largest;
  }
  const centre = total / drawn;
  const spread = Math.sqrt(Math.max(0, squares / drawn - centre * centre));
  const scale = Math.max(1e-9, (spread * Math.sqrt(6)) / Math.PI);
  const location = centre - eulerGamma * scale;
  return Float64Array.from(candidates.indexes, (p) => {
    const z = (candidates.contrast[p]! - means[p]!) * scales[p]!;
    return -Math.expm1(-Math.exp(-(z - location) / scale));
  });
}

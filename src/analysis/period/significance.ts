import { detector } from '../thresholds.ts';
import { edgesOf, onOffWeight } from './edge-intervals.ts';
import { chanceInKnownNoise } from './known-noise.ts';
import { onOffNoise } from './on-off-noise.ts';
import { redNoise, type SurrogateSource } from './red-noise.ts';
import { Surrogates } from './surrogates.ts';
import type { Tables } from './tables.ts';

/** What is tested: contrasts per period of the comb, the indexes of those worth testing, and the series (clipped, not detrended) they came from. */
export interface Candidates {
  readonly values: Float64Array;
  readonly contrast: Float32Array;
  readonly indexes: readonly number[];
}

/**
 * p of each candidate (in their order): the chance that a series without a period reaches such a contrast at any period; the larger of the two nulls,
 * each with its weight. Null when known noise says that all is chance, or no candidate stays below alpha;
 * `onReject` is then told the smallest p. Surrogates are drawn until the answer is clear, of both nulls in turn, so
 * that either can end the search early. Yields after each pair of surrogates (some tenths of a millisecond).
 */
export function* significance(
  candidates: Candidates,
  tables: Tables,
  alpha: number,
  onReject?: (smallestP: number) => void,
): Generator<void, Float64Array | null> {
  const { values, contrast, indexes } = candidates;
  const chance = yield* chanceInKnownNoise(values, contrast, indexes);
  const known = detector.redNoiseWeight * (chance ?? 0);
  if (known < detector.knownNoiseP) {
    return yield* againstSurrogates(candidates, tables, alpha, onReject);
  }
  onReject?.(Math.min(1, known));
  return null;
}

function* againstSurrogates(
  candidates: Candidates,
  tables: Tables,
  alpha: number,
  onReject: ((smallestP: number) => void) | undefined,
): Generator<void, Float64Array | null> {
  const { contrast, indexes } = candidates;
  const best = bestOf(candidates);
  const edges = edgesOf(candidates.values);
  const onOffWeights = indexes.map((p) => onOffWeight(edges, tables.comb.periods[p]!));
  const nulls: NullTest[] = [
    { make: redNoise, weights: indexes.map(() => detector.redNoiseWeight), isClear: false },
    { make: onOffNoise, weights: onOffWeights, isClear: false },
  ];
  for (const drawn of detector.surrogateCounts) {
    for (const each of nulls) {
      if (each.isClear) continue;
      each.surrogates ??= new Surrogates(each.make(candidates.values), tables);
      yield* each.surrogates.drawUpTo(drawn);
      each.pValues = each.surrogates
        .law()
        .pValues(contrast, indexes)
        .map((p, i) => Math.min(1, each.weights[i]! * p));
      const isLast = drawn === detector.surrogateCounts.at(-1);
      const limits = isLast ? { reject: alpha, accept: alpha } : earlyLimits(alpha, drawn);
      const smallest = Math.min(...each.pValues);
      if (smallest >= limits.reject) {
        onReject?.(smallest);
        return null;
      }
      each.isClear = isLast || best.every((i) => each.pValues![i]! < limits.accept);
    }
    if (nulls.every((each) => each.isClear)) break;
  }
  const worst = indexes.map((_, i) => Math.max(...nulls.map((each) => each.pValues![i]!)));
  if (worst.some((p) => p < alpha)) return Float64Array.from(worst);
  onReject?.(Math.min(...worst));
  return null;
}

interface NullTest {
  readonly make: (observed: Float64Array) => SurrogateSource;
  /** What p is multiplied by, for each candidate. */
  readonly weights: readonly number[];
  surrogates?: Surrogates;
  pValues?: Float64Array;
  /** No more surrogates of this null are needed. */
  isClear: boolean;
}

/**
 * What p of `drawn` surrogates is clear enough. -ln p is the distance from the middle of the Gumbel law in units of its scale, and the scale fitted to n maxima
 * has a relative standard error of 1.1 / sqrt(n): -ln p may be wrong by some of 1 / sqrt(n) of itself.
 */
function earlyLimits(
  alpha: number,
  drawn: number,
): { readonly reject: number; readonly accept: number } {
  const error = 1 / Math.sqrt(drawn);
  return {
    reject: alpha ** (1 - detector.earlyRejectDoubt * error),
    accept: alpha ** (1 / (1 - detector.earlyAcceptDoubt * error)),
  };
}

/** Positions in `indexes` of those that could be chosen: nearly as high as the best. */
function bestOf({ contrast, indexes }: Candidates): readonly number[] {
  let highest = 0;
  for (const index of indexes) highest = Math.max(highest, contrast[index]!);
  const enough = detector.smallestShare * highest;
  return [...indexes.keys()].filter((i) => contrast[indexes[i]!]! >= enough);
}

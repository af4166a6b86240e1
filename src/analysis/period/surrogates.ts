import { detrendInPlace } from '../series/detrend.ts';
import { detector } from '../thresholds.ts';
import type { SurrogateSource } from './red-noise.ts';
import type { Tables } from './tables.ts';

const eulerGamma = 0.5772;
const allSurrogates = detector.surrogateCounts.at(-1)!;

/** Arrays of one pair of surrogates. */
interface Pair {
  readonly series: readonly [Float64Array, Float64Array];
  readonly correlations: readonly [Float64Array, Float64Array];
  readonly scratch: Float64Array;
}

/** Contrasts of surrogates of one null hypothesis, as many as were asked for so far. */
export class Surrogates {
  readonly #source: SurrogateSource;
  readonly #tables: Tables;
  readonly #width: number;
  /** One row of contrasts per surrogate. */
  #scores = new Float32Array(0);
  #drawn = 0;
  #pair: Pair | undefined;

  constructor(source: SurrogateSource, tables: Tables) {
    this.#source = source;
    this.#tables = tables;
    this.#width = tables.comb.periods.length;
  }

  /** Draws on until there are `count` (even). Yields after each pair, which takes some tenths of a millisecond at most. */
  *drawUpTo(count: number): Generator<void, void> {
    if (count > this.#drawn) {
      const scores = new Float32Array(count * this.#width);
      scores.set(this.#scores);
      this.#scores = scores;
    }
    while (this.#drawn < count) {
      this.#drawPair((this.#pair ??= makePair(this.#tables)));
      yield;
    }
  }

  #drawPair({ series, correlations, scratch }: Pair): void {
    const { autocorrelation, comb } = this.#tables;
    for (const each of series) {
      this.#source(each);
      detrendInPlace(each, scratch);
    }
    autocorrelation.compute(series[0], series[1], correlations[0], correlations[1]);
    for (const each of correlations) comb.score(each, this.#scores, this.#drawn++ * this.#width);
  }

  /**
   * The chance that a series of this null reaches such a contrast at any period, for each of `indexes` (of periods; `contrast`: the observed ones). Each period's
   * contrast is standardised by the surrogates' mean and deviation at that period; the maxima of each surrogate over all periods follow a Gumbel law, fitted by
   * moments; p is its upper tail, which already accounts for having searched all periods.
   */
  pValues(contrast: Float32Array, indexes: readonly number[]): Float64Array {
    const { means, scales } = this.#standard();
    const { location, scale } = this.#fitMaxima(means, scales);
    return Float64Array.from(indexes, (p) => {
      const z = (contrast[p]! - means[p]!) * scales[p]!;
      return -Math.expm1(-Math.exp(-(z - location) / scale));
    });
  }

  /** Per period: mean over the surrogates, and 1 / their deviation. */
  #standard(): { readonly means: Float64Array; readonly scales: Float64Array } {
    const width = this.#width;
    const scores = this.#scores;
    const drawn = this.#drawn;
    const means = new Float64Array(width);
    const scales = new Float64Array(width);
    for (let b = 0, at = 0; b < drawn; b++) {
      for (let p = 0; p < width; p++, at++) {
        const score = scores[at]!;
        means[p] = means[p]! + score;
        scales[p] = scales[p]! + score * score;
      }
    }
    for (let p = 0; p < width; p++) {
      means[p] = means[p]! / drawn;
      const variance = Math.max(0, scales[p]! / drawn - means[p]! * means[p]!);
      scales[p] = 1 / (Math.sqrt(variance) + detector.deviationFloor);
    }
    return { means, scales };
  }

  /** The Gumbel law of the largest standardised contrast of a surrogate. */
  #fitMaxima(
    means: Float64Array,
    scales: Float64Array,
  ): { readonly location: number; readonly scale: number } {
    const scores = this.#scores;
    const drawn = this.#drawn;
    let total = 0;
    let squares = 0;
    for (let b = 0, at = 0; b < drawn; b++) {
      let largest = -Infinity;
      for (let p = 0; p < means.length; p++, at++) {
        const z = (scores[at]! - means[p]!) * scales[p]!;
        if (z > largest) largest = z;
      }
      if (drawn < allSurrogates) largest = leftOut(largest, drawn);
      total += largest;
      squares += largest * largest;
    }
    const centre = total / drawn;
    const spread = Math.sqrt(Math.max(0, squares / drawn - centre * centre));
    const scale = Math.max(1e-9, (spread * Math.sqrt(6)) / Math.PI);
    return { location: centre - eulerGamma * scale, scale };
  }
}

/**
 * A standardised value as it would be had it not taken part in the mean and the deviation (the externally studentised residual, Cook and Weisberg 1982), for the
 * observed series takes no part in them either. Of few surrogates none can be more than sqrt(n - 1) deviations from the mean of all; without this the few would
 * make any series look significant. With all of them it is a few percent, which the measured rate of false alarms includes.
 */
function leftOut(standardised: number, drawn: number): number {
  const rest = 1 - standardised ** 2 / (drawn - 1);
  return standardised * Math.sqrt(drawn / (drawn - 1) / Math.max(1e-3, rest));
}

function makePair({ autocorrelation: { length, maxLag } }: Tables): Pair {
  return {
    series: [new Float64Array(length), new Float64Array(length)],
    correlations: [new Float64Array(maxLag + 1), new Float64Array(maxLag + 1)],
    scratch: new Float64Array(length),
  };
}

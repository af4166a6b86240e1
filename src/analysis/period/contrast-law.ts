import { detector } from '../thresholds.ts';

const eulerGamma = 0.5772;
const allSurrogates = detector.surrogateCounts.at(-1)!;

/** Contrasts of random series: `drawn` rows of one value per period. */
export interface Scores {
  readonly values: Float32Array;
  readonly width: number;
  readonly drawn: number;
}

/**
 * How high contrasts are by chance. Each period's contrast is standardised by the mean and the deviation that random series have at that period; the largest
 * of each series over all periods follows a Gumbel law, fitted by moments.
 */
export class ContrastLaw {
  readonly #means: Float64Array;
  /** 1 / deviation. */
  readonly #scales: Float64Array;
  readonly #location: number;
  readonly #scale: number;

  constructor(scores: Scores) {
    const { means, scales } = standardOf(scores);
    this.#means = means;
    this.#scales = scales;
    const { location, scale } = fitMaxima(scores, means, scales);
    this.#location = location;
    this.#scale = scale;
  }

  /**
   * The chance that a random series reaches such a contrast at any period, for each of `indexes` (of periods; `contrast`: the observed ones): the upper tail of
   * the law, which already accounts for having searched all periods.
   */
  pValues(contrast: Float32Array, indexes: readonly number[]): Float64Array {
    return Float64Array.from(indexes, (p) => {
      const z = (contrast[p]! - this.#means[p]!) * this.#scales[p]!;
      return -Math.expm1(-Math.exp(-(z - this.#location) / this.#scale));
    });
  }
}

/** Per period: mean over the series, and 1 / their deviation. */
function standardOf({ values, width, drawn }: Scores): {
  readonly means: Float64Array;
  readonly scales: Float64Array;
} {
  const means = new Float64Array(width);
  const scales = new Float64Array(width);
  for (let b = 0, at = 0; b < drawn; b++) {
    for (let p = 0; p < width; p++, at++) {
      const score = values[at]!;
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

/** The Gumbel law of the largest standardised contrast of a series. */
function fitMaxima(
  { values, drawn }: Scores,
  means: Float64Array,
  scales: Float64Array,
): { readonly location: number; readonly scale: number } {
  let total = 0;
  let squares = 0;
  for (let b = 0, at = 0; b < drawn; b++) {
    let largest = -Infinity;
    for (let p = 0; p < means.length; p++, at++) {
      const z = (values[at]! - means[p]!) * scales[p]!;
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

/**
 * A standardised value as it would be had it not taken part in the mean and the deviation (the externally studentised residual, Cook and Weisberg 1982), for the
 * observed series takes no part in them either. Of few surrogates none can be more than sqrt(n - 1) deviations from the mean of all; without this the few would
 * make any series look significant. With all of them it is a few percent, which the measured rate of false alarms includes.
 */
function leftOut(standardised: number, drawn: number): number {
  const rest = 1 - standardised ** 2 / (drawn - 1);
  return standardised * Math.sqrt(drawn / (drawn - 1) / Math.max(1e-3, rest));
}

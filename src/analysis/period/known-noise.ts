import { detector } from '../thresholds.ts';
import { skewness } from '../series/statistics.ts';
import type { ContrastLaw } from './contrast-law.ts';
import { coefficientOf, gaussianRedNoise } from './red-noise.ts';
import { Surrogates } from './surrogates.ts';
import { tablesFor } from './tables.ts';

/** By length and coefficient: some dozens in a process, and never more than a thousand, of 2 to 8 kB each. */
const laws = new Map<number, ContrastLaw>();

/** ours: lengths 19 % apart share a law; that of the next longer one, whose contrasts vary less, so that no p is too large. */
const lengthsPerOctave = 4;
/** ours: Fisher's z of the coefficient, whose standard error is 1 / sqrt(n) (Fisher 1921): 0.09 with 120 samples. */
const stepOfZ = 0.1;
const mostSteps = 64;

/**
 * The smallest p of the contrasts at `indexes` (of periods) against Gaussian red noise of about the length and lag-1 correlation of `values` (clipped, any unit):
 * what surrogates made for the series would say, without drawing any, because their contrasts depend on hardly anything else. Most series whose comb is chance are known by it. Null for a series that is so skewed that
 * its values matter: correlations of short pulses and dips are lower than those of a Gaussian process. Yields only while it learns a noise.
 */
export function* chanceInKnownNoise(
  values: Float64Array,
  contrast: Float32Array,
  indexes: readonly number[],
): Generator<void, number | null> {
  if (Math.abs(skewness(values)) > detector.mostKnownSkewness) return null;
  const law = yield* lawOf(values.length, coefficientOf(values));
  return Math.min(...law.pValues(contrast, indexes));
}

/** Its periods begin with those of any shorter series (see Comb), so that indexes of periods mean the same. */
function* lawOf(length: number, coefficient: number): Generator<void, ContrastLaw> {
  const octaves = Math.ceil(lengthsPerOctave * Math.log2(length));
  const z = Math.atanh(Math.min(detector.maxPhi, Math.max(0, coefficient)));
  const step = Math.round(z / stepOfZ);
  const key = octaves * mostSteps + step;
  let law = laws.get(key);
  if (law === undefined) {
    const tables = tablesFor(Math.round(2 ** (octaves / lengthsPerOctave)));
    const surrogates = new Surrogates(gaussianRedNoise(Math.tanh(step * stepOfZ)), tables);
    yield* surrogates.drawUpTo(detector.knownNoiseCount);
    law = surrogates.law();
    laws.set(key, law);
  }
  return law;
}

import { intervalsOf, isRandomised } from '../intervals.ts';
import { mean } from '../series/statistics.ts';
import { aliasing, detector } from '../thresholds.ts';
import type { UsageSeries } from '../verdict.ts';
import { periodogram, type Periodogram } from './periodogram.ts';

export interface FastStep {
  readonly periodSeconds: number;
  /** Half of the width of its line, as a difference in period, seconds. */
  readonly marginSeconds: number;
  /** Chance that noise has such a line at any frequency (an upper bound). */
  readonly pValue: number;
}

/** How many samples carry the variance (n over the kurtosis): what a dozen of them do looks like anything. */
function effectiveSamples(values: Float64Array): number {
  const centre = mean(values);
  let squares = 0;
  let fourths = 0;
  for (const value of values) {
    const square = (value - centre) ** 2;
    squares += square;
    fourths += square * square;
  }
  return fourths > 0 ? squares ** 2 / fourths : 0;
}

interface Line {
  readonly first: number;
  readonly width: number;
  readonly power: number;
  readonly logP: number;
}

/**
 * A cycle faster than four mean intervals, down to a tenth of one, in samples at random intervals (Lomb-Scargle); null without, or where samples are even or few.
 * It is one only if no slower line is stronger: otherwise it is a harmonic of that.
 *
 * Lines of cycles that jitter are wide, so bands of several widths are tried. The mean of K independent powers of noise, over the mean of all, follows a Gamma law;
 * its upper tail at x is at most exp(-K (x - 1 - ln x)) (Chernoff), times the number of such bands.
 */
export function findFastStep(samples: UsageSeries): FastStep | null {
  const intervals = intervalsOf(samples.timesSeconds);
  if (intervals === null || !isRandomised(intervals)) return null;
  const from = Math.max(0, samples.values.length - aliasing.maxSamples);
  if (effectiveSamples(samples.values.subarray(from)) < aliasing.minSamples) return null;
  const spectrum = periodogram(
    samples.timesSeconds.subarray(from),
    samples.values.subarray(from),
    1 / (aliasing.shortestIntervals * intervals.meanSeconds),
  );
  const slowest = 1 / (detector.minPeriodSamples * intervals.meanSeconds);
  const line = strongest(spectrum, Math.ceil(slowest / spectrum.stepHertz));
  return line === null ? null : describe(spectrum, line);
}

function strongest({ powers, oversampling }: Periodogram, slowest: number): Line | null {
  const sums = new Float64Array(powers.length + 1);
  for (let k = 0; k < powers.length; k++) sums[k + 1] = sums[k]! + powers[k]!;
  const noise = (sums[powers.length]! - sums[slowest]!) / (powers.length - slowest);
  if (!(noise > 0)) return null;
  let best: Line | null = null;
  for (const lines of aliasing.lineWidths) {
    const width = lines * oversampling;
    let top = { first: 0, power: 0 };
    for (let first = 0; first + width <= powers.length; first++) {
      const power = sums[first + width]! - sums[first]!;
      if (power > top.power) top = { first, power };
    }
    if (top.first + width / 2 < slowest) return null;
    const ratio = top.power / width / noise;
    const bands = (powers.length - slowest) / oversampling;
    const logP = Math.log(bands) - lines * (ratio - 1 - Math.log(ratio));
    if (best === null || logP < best.logP) best = { ...top, width, logP };
  }
  return best !== null && best.logP < Math.log(aliasing.fastStepP) ? best : null;
}

function describe({ powers, stepHertz }: Periodogram, { first, width, logP }: Line): FastStep {
  let total = 0;
  let moment = 0;
  for (let k = first; k < first + width; k++) {
    total += powers[k]!;
    moment += k * powers[k]!;
  }
  const periodSeconds = total / moment / stepHertz;
  return {
    periodSeconds,
    marginSeconds: (periodSeconds ** 2 * width * stepHertz) / 2,
    pValue: Math.exp(logP),
  };
}

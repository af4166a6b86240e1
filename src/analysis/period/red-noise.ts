import { createNormal, createRandom } from '../../lib/random.ts';
import { detector } from '../thresholds.ts';
import { mean, sorted } from '../series/statistics.ts';

/** Fills the array with one more random series that has no period but otherwise looks like the observed one. */
export type SurrogateSource = (out: Float64Array) => void;

/** Ranks are found by counting into this many bins over the series' own range: exact enough, and linear in time. */
const rankBins = 4096;

function lagOneCorrelation(values: Float64Array): number {
  const centre = mean(values);
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const here = values[i]! - centre;
    square += here * here;
    if (i > 0) product += here * (values[i - 1]! - centre);
  }
  return square > 0 ? product / square : 0;
}

/**
 * Red noise: a Gaussian AR(1) process with the observed lag-1 correlation (plus 1/n, its bias), mapped by rank onto the observed values.
 * Null hypothesis for whatever drifts (Schulz and Mudelsee 2002 for the idea of the AR(1) background).
 */
export function redNoise(observed: Float64Array): SurrogateSource {
  const n = observed.length;
  const ascending = sorted(observed);
  const normal = createNormal(createRandom(detector.seed));
  const phi = Math.min(detector.maxPhi, Math.max(0, lagOneCorrelation(observed) + 1 / n));
  const innovation = Math.sqrt(1 - phi * phi);
  const starts = new Uint16Array(rankBins + 1);
  return (out) => {
    let value = normal();
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < n; i++) {
      out[i] = value;
      if (value < low) low = value;
      if (value > high) high = value;
      value = phi * value + innovation * normal();
    }
    mapByRank(out, ascending, starts, { low, high });
  };
}

function mapByRank(
  out: Float64Array,
  ascending: Float64Array,
  starts: Uint16Array,
  range: { readonly low: number; readonly high: number },
): void {
  const scale = (rankBins - 1) / (range.high - range.low);
  starts.fill(0);
  for (let i = 0; i < out.length; i++) {
    const bin = Math.floor((out[i]! - range.low) * scale);
    out[i] = bin;
    starts[bin + 1]!++;
  }
  for (let bin = 1; bin <= rankBins; bin++) starts[bin] = starts[bin]! + starts[bin - 1]!;
  for (let i = 0; i < out.length; i++) out[i] = ascending[starts[out[i]!]!++]!;
}

import { createNormal, createRandom } from '../../lib/random.ts';
import { detector } from '../thresholds.ts';
import { maximum, mean, minimum, sorted } from '../series/statistics.ts';

/** Fills the array with one more random series that has no period but otherwise looks like the observed one. */
export type SurrogateSource = (out: Float64Array) => void;

/** Ranks are found by counting into bins over the series' own range, three or more per sample: exact enough, and linear in time. */
const maxRankBins = 4096;
const rankBinsOf = (samples: number): number =>
  Math.min(maxRankBins, 8 << (31 - Math.clz32(samples)));

const normal = createNormal(createRandom(detector.seed));
let drawn = new Float32Array(0);

/** The first `count` or more numbers of one fixed sequence of standard normals: every series is tested with the same, so they are drawn once (some 1.2 MB at most). */
function normals(count: number): Float32Array {
  if (count > drawn.length) {
    const more = new Float32Array(Math.max(count, 2 * drawn.length));
    more.set(drawn);
    for (let i = drawn.length; i < more.length; i++) more[i] = normal();
    drawn = more;
  }
  return drawn;
}

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

/** Coefficient of the AR(1) process that `values` would be: their lag-1 correlation r and its bias, (1 + 3 r) / n (Marriott and Pope 1954, Kendall 1954). */
export function coefficientOf(values: Float64Array): number {
  const measured = lagOneCorrelation(values);
  return measured + (1 + 3 * measured) / values.length;
}

/**
 * A Gaussian AR(1) process. Its coefficient is drawn anew for each series from what the estimate `coefficient` says about it: variance (1 - r²) / n (Bartlett
 * 1946). With one fixed coefficient 2.4 % of AR(1) series pass at a level of 1 %.
 */
export function gaussianRedNoise(coefficient: number): SurrogateSource {
  let used = 0;
  return (out) => {
    const n = out.length;
    const deviation = Math.sqrt(Math.max(0, 1 - coefficient * coefficient) / n);
    const noise = normals(used + n + 1);
    const drawnPhi = coefficient + deviation * noise[used + n]!;
    const phi = Math.min(detector.maxPhi, Math.max(0, drawnPhi));
    const innovation = Math.sqrt(1 - phi * phi);
    let value = noise[used]!;
    out[0] = value;
    for (let i = 1; i < n; i++) {
      value = phi * value + innovation * noise[used + i]!;
      out[i] = value;
    }
    used += n + 1;
  };
}

/**
 * Red noise: a Gaussian AR(1) process, mapped by rank onto the observed values. Null hypothesis for whatever drifts (Schulz and Mudelsee 2002 for the idea of
 * the AR(1) background).
 */
export function redNoise(observed: Float64Array): SurrogateSource {
  const n = observed.length;
  const ascending = sorted(observed);
  const draw = gaussianRedNoise(coefficientOf(observed));
  const ranks = { bins: new Uint16Array(n), starts: new Uint16Array(rankBinsOf(n) + 1) };
  return (out) => {
    draw(out);
    mapByRank(out, ascending, ranks);
  };
}

function mapByRank(
  out: Float64Array,
  ascending: Float64Array,
  ranks: {
    readonly bins: Uint16Array;
    readonly starts: Uint16Array;
  },
): void {
  const { bins, starts } = ranks;
  const last = starts.length - 1;
  const low = minimum(out);
  const scale = (last - 1) / (maximum(out) - low);
  starts.fill(0);
  for (let i = 0; i < bins.length; i++) {
    const bin = ((out[i]! - low) * scale) | 0;
    bins[i] = bin;
    starts[bin + 1]!++;
  }
  for (let bin = 1; bin <= last; bin++) starts[bin] = starts[bin]! + starts[bin - 1]!;
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i]!;
    const rank = starts[bin]!;
    starts[bin] = rank + 1;
    out[i] = ascending[rank]!;
  }
}

/** Factors of one radix-4 stage, for j = 0 ... quarter - 1: cos and sin of -2 pi j m / (4 quarter), m = 1, 2, 3. */
interface Stage {
  readonly quarter: number;
  readonly factors: Float64Array;
}

const perPoint = 6;

/**
 * Complex Fourier transform of one power-of-two length (radix 4, Cooley and Tukey 1965; Gentleman and Sande 1966 for the decimation in frequency), on values
 * that lie as real, imaginary, real, imaginary ... in one array: one stream through the cache instead of two that meet in the same lines of it.
 * `toReversed` leaves the spectrum in bit-reversed order and `fromReversed` takes it from there, so that nothing is ever permuted: what lies between the two
 * (powers) can be computed in any order. Tables are made once per length, because a test transforms hundreds of series of the same length.
 */
export class Fft {
  readonly size: number;
  /** Longest first. */
  readonly #stages: readonly Stage[];
  readonly #endsInPairs: boolean;

  /** `size`: a power of two, 2 to 65,536. */
  constructor(size: number) {
    if (size < 2 || size > 65_536 || (size & (size - 1)) !== 0) {
      throw new RangeError(`FFT size must be a power of two from 2 to 65536, got ${size}`);
    }
    this.size = size;
    const stages: Stage[] = [];
    let block = size | 0;
    // Shifts keep the numbers integers to the engine, too: with a size from `2 ** x`, indexes are computed as doubles and all takes half as long again.
    for (; block >= 8; block >>= 2) stages.push(makeStage(block));
    this.#stages = stages;
    this.#endsInPairs = block === 2;
  }

  /** In place, without scaling: X[k] = sum of x[n] exp(-2 pi i k n / size), left at the place that is k with its bits reversed. */
  toReversed(complex: Float64Array): void {
    for (const stage of this.#stages) splitBlocks(complex, stage);
    if (this.#endsInPairs) combinePairs(complex);
    else combineFours(complex, 4);
  }

  /** In place: the same sum over k as `toReversed` over n, of a spectrum in bit-reversed order, left in natural order. */
  fromReversed(complex: Float64Array): void {
    if (this.#endsInPairs) combinePairs(complex);
    else combineFours(complex, 2);
    for (let i = this.#stages.length - 1; i >= 0; i--) mergeBlocks(complex, this.#stages[i]!);
  }
}

function makeStage(block: number): Stage {
  const quarter = block >> 2;
  const factors = new Float64Array(perPoint * quarter);
  for (let j = 0; j < quarter; j++) {
    for (let m = 1; m <= 3; m++) {
      const angle = (-2 * Math.PI * j * m) / block;
      factors[perPoint * j + 2 * (m - 1)] = Math.cos(angle);
      factors[perPoint * j + 2 * m - 1] = Math.sin(angle);
    }
  }
  return { quarter, factors };
}

/** Each block of 4 x quarter values becomes the inputs of its four quarters' transforms (in the order 0, 2, 1, 3 of the spectrum modulo 4). */
function splitBlocks(z: Float64Array, { quarter, factors }: Stage): void {
  const width = 2 * quarter;
  const size = z.length;
  for (let start = 0; start < size; start += 4 * width) {
    const end = start + width;
    for (let a = start, f = 0; a < end; a += 2, f += perPoint) {
      const b = a + width;
      const c = b + width;
      const d = c + width;
      const evenRe = z[a]! + z[c]!;
      const evenIm = z[a + 1]! + z[c + 1]!;
      const evenLessRe = z[a]! - z[c]!;
      const evenLessIm = z[a + 1]! - z[c + 1]!;
      const oddRe = z[b]! + z[d]!;
      const oddIm = z[b + 1]! + z[d + 1]!;
      const oddLessRe = z[b]! - z[d]!;
      const oddLessIm = z[b + 1]! - z[d + 1]!;
      const oneRe = evenLessRe + oddLessIm;
      const oneIm = evenLessIm - oddLessRe;
      const twoRe = evenRe - oddRe;
      const twoIm = evenIm - oddIm;
      const threeRe = evenLessRe - oddLessIm;
      const threeIm = evenLessIm + oddLessRe;
      const cos1 = factors[f]!;
      const sin1 = factors[f + 1]!;
      const cos2 = factors[f + 2]!;
      const sin2 = factors[f + 3]!;
      const cos3 = factors[f + 4]!;
      const sin3 = factors[f + 5]!;
      z[a] = evenRe + oddRe;
      z[a + 1] = evenIm + oddIm;
      z[b] = twoRe * cos2 - twoIm * sin2;
      z[b + 1] = twoRe * sin2 + twoIm * cos2;
      z[c] = oneRe * cos1 - oneIm * sin1;
      z[c + 1] = oneRe * sin1 + oneIm * cos1;
      z[d] = threeRe * cos3 - threeIm * sin3;
      z[d + 1] = threeRe * sin3 + threeIm * cos3;
    }
  }
}

/** The transpose of `splitBlocks`. */
function mergeBlocks(z: Float64Array, { quarter, factors }: Stage): void {
  const width = 2 * quarter;
  const size = z.length;
  for (let start = 0; start < size; start += 4 * width) {
    const end = start + width;
    for (let a = start, f = 0; a < end; a += 2, f += perPoint) {
      const b = a + width;
      const c = b + width;
      const d = c + width;
      const cos1 = factors[f]!;
      const sin1 = factors[f + 1]!;
      const cos2 = factors[f + 2]!;
      const sin2 = factors[f + 3]!;
      const cos3 = factors[f + 4]!;
      const sin3 = factors[f + 5]!;
      const twoRe = z[b]! * cos2 - z[b + 1]! * sin2;
      const twoIm = z[b]! * sin2 + z[b + 1]! * cos2;
      const oneRe = z[c]! * cos1 - z[c + 1]! * sin1;
      const oneIm = z[c]! * sin1 + z[c + 1]! * cos1;
      const threeRe = z[d]! * cos3 - z[d + 1]! * sin3;
      const threeIm = z[d]! * sin3 + z[d + 1]! * cos3;
      const evenRe = z[a]! + twoRe;
      const evenIm = z[a + 1]! + twoIm;
      const evenLessRe = z[a]! - twoRe;
      const evenLessIm = z[a + 1]! - twoIm;
      const oddRe = oneRe + threeRe;
      const oddIm = oneIm + threeIm;
      const oddLessRe = oneRe - threeRe;
      const oddLessIm = oneIm - threeIm;
      z[a] = evenRe + oddRe;
      z[a + 1] = evenIm + oddIm;
      z[b] = evenLessRe + oddLessIm;
      z[b + 1] = evenLessIm - oddLessRe;
      z[c] = evenRe - oddRe;
      z[c + 1] = evenIm - oddIm;
      z[d] = evenLessRe - oddLessIm;
      z[d + 1] = evenLessIm + oddLessRe;
    }
  }
}

/** Transforms of length 4 (no factors). `partner`: where, in numbers, the value 2 stands (and the output 1): 4 from natural order, 2 from reversed. */
function combineFours(z: Float64Array, partner: 2 | 4): void {
  for (let a = 0; a < z.length; a += 8) {
    const p = a + partner;
    const q = a + 6 - partner;
    const r = a + 6;
    const evenRe = z[a]! + z[p]!;
    const evenIm = z[a + 1]! + z[p + 1]!;
    const evenLessRe = z[a]! - z[p]!;
    const evenLessIm = z[a + 1]! - z[p + 1]!;
    const oddRe = z[q]! + z[r]!;
    const oddIm = z[q + 1]! + z[r + 1]!;
    const oddLessRe = z[q]! - z[r]!;
    const oddLessIm = z[q + 1]! - z[r + 1]!;
    z[a] = evenRe + oddRe;
    z[a + 1] = evenIm + oddIm;
    z[q] = evenRe - oddRe;
    z[q + 1] = evenIm - oddIm;
    z[p] = evenLessRe + oddLessIm;
    z[p + 1] = evenLessIm - oddLessRe;
    z[r] = evenLessRe - oddLessIm;
    z[r + 1] = evenLessIm + oddLessRe;
  }
}

/** Transforms of length 2, which are their own transpose. */
function combinePairs(z: Float64Array): void {
  for (let a = 0; a < z.length; a += 4) {
    const lessRe = z[a]! - z[a + 2]!;
    const lessIm = z[a + 1]! - z[a + 3]!;
    z[a] = z[a]! + z[a + 2]!;
    z[a + 1] = z[a + 1]! + z[a + 3]!;
    z[a + 2] = lessRe;
    z[a + 3] = lessIm;
  }
}

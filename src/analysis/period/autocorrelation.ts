import FFT from 'fft.js';
import { detector } from '../thresholds.ts';

/** Both arrays hold real and imaginary parts in turn, and are used within one call only. */
interface Transform {
  readonly fft: FFT;
  readonly complex: Float64Array;
  readonly spectrum: Float64Array;
}

/** By size, of which there are few. */
const transforms = new Map<number, Transform>();

function transformOf(size: number): Transform {
  let transform = transforms.get(size);
  if (transform === undefined) {
    const made = (): Float64Array => new Float64Array(2 * size);
    transform = { fft: new FFT(size), complex: made(), spectrum: made() };
    transforms.set(size, transform);
  }
  return transform;
}

/**
 * Autocorrelation of two real series of one length at once: r_k / r_0, times n / (n - k) against the fall-off of shrinking overlap, for k = 0 ... 0.7 n.
 * Two real series are the real and imaginary part of one complex series, so both come out of two transforms (Wiener-Khinchin).
 */
export class Autocorrelation {
  readonly length: number;
  readonly maxLag: number;
  readonly #transform: Transform;
  /** n / (n - k) per lag. */
  readonly #overlap: Float64Array;

  constructor(length: number) {
    this.length = length;
    this.maxLag = Math.floor(detector.maxLagShare * length);
    // Lags up to maxLag stay free of wrap-around when the transform is at least length + maxLag long.
    this.#transform = transformOf(2 << (31 - Math.clz32(length + this.maxLag)));
    this.#overlap = Float64Array.from(
      { length: this.maxLag + 1 },
      (_, lag) => length / (length - lag),
    );
  }

  /** Results go to `firstOut` and `secondOut`, each maxLag + 1 long. A series without variance gives zeros. The series must have mean 0. */
  compute(
    first: Float64Array,
    second: Float64Array,
    firstOut: Float64Array,
    secondOut: Float64Array,
  ): void {
    const { fft, complex, spectrum } = this.#transform;
    for (let i = 0; i < this.length; i++) {
      complex[2 * i] = first[i]!;
      complex[2 * i + 1] = second[i]!;
    }
    complex.fill(0, 2 * this.length);
    fft.transform(spectrum, complex);
    toPowers(spectrum);
    // The powers are even, so the forward transform is the inverse but for the scale, which the division by r_0 removes.
    fft.transform(complex, spectrum);
    this.#normalise(complex, 0, firstOut);
    this.#normalise(complex, 1, secondOut);
  }

  #normalise(sums: Float64Array, part: 0 | 1, out: Float64Array): void {
    const overlap = this.#overlap;
    const energy = sums[part]!;
    const scale = energy > 0 ? 1 / energy : 0;
    for (let lag = 0; lag < overlap.length; lag++) {
      out[lag] = sums[2 * lag + part]! * scale * overlap[lag]!;
    }
  }
}

/** Separates two real series' spectra by symmetry and leaves |A|^2 in the real and |B|^2 in the imaginary part. 0 and the highest frequency mirror themselves. */
function toPowers(z: Float64Array): void {
  const half = z.length >> 1;
  for (const alone of [0, 1, half, half + 1]) z[alone] = 4 * z[alone]! * z[alone]!;
  for (let k = 2, mirror = z.length - 2; k < mirror; k += 2, mirror -= 2) {
    const sumReal = z[k]! + z[mirror]!;
    const differenceReal = z[k]! - z[mirror]!;
    const sumImaginary = z[k + 1]! + z[mirror + 1]!;
    const differenceImaginary = z[k + 1]! - z[mirror + 1]!;
    const a = sumReal * sumReal + differenceImaginary * differenceImaginary;
    const b = sumImaginary * sumImaginary + differenceReal * differenceReal;
    z[k] = a;
    z[mirror] = a;
    z[k + 1] = b;
    z[mirror + 1] = b;
  }
}

import { detector } from '../thresholds.ts';
import { Fft } from './fft.ts';

/**
 * Autocorrelation of two real series of one length at once: r_k / r_0, times n / (n - k) against the fall-off of shrinking overlap, for k = 0 ... 0.7 n.
 * Two real series are the real and imaginary part of one complex series, so both come out of two transforms.
 */
export class Autocorrelation {
  readonly length: number;
  readonly maxLag: number;
  readonly #fft: Fft;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  constructor(length: number) {
    this.length = length;
    this.maxLag = Math.floor(detector.maxLagShare * length);
    // Lags up to maxLag stay free of wrap-around when the transform is at least length + maxLag long.
    this.#fft = new Fft(2 ** Math.ceil(Math.log2(length + this.maxLag + 1)));
    this.#real = new Float64Array(this.#fft.size);
    this.#imaginary = new Float64Array(this.#fft.size);
  }

  /** Results go to `firstOut` and `secondOut`, each maxLag + 1 long. A series without variance gives zeros. The series must have mean 0. */
  compute(
    first: Float64Array,
    second: Float64Array,
    firstOut: Float64Array,
    secondOut: Float64Array,
  ): void {
    const real = this.#real;
    const imaginary = this.#imaginary;
    real.fill(0);
    imaginary.fill(0);
    real.set(first);
    imaginary.set(second);
    this.#fft.transform(real, imaginary);
    this.#toPowers();
    // The powers are even, so the forward transform is the inverse but for the scale, which the division by r_0 removes.
    this.#fft.transform(real, imaginary);
    this.#normalise(real, firstOut);
    this.#normalise(imaginary, secondOut);
  }

  /** Separates the two spectra by symmetry and leaves |A|^2 in the real and |B|^2 in the imaginary part. */
  #toPowers(): void {
    const real = this.#real;
    const imaginary = this.#imaginary;
    const size = this.#fft.size;
    for (let k = 0; k <= size / 2; k++) {
      const mirror = k === 0 ? 0 : size - k;
      const sumReal = real[k]! + real[mirror]!;
      const differenceReal = real[k]! - real[mirror]!;
      const sumImaginary = imaginary[k]! + imaginary[mirror]!;
      const differenceImaginary = imaginary[k]! - imaginary[mirror]!;
      const a = sumReal * sumReal + differenceImaginary * differenceImaginary;
      const b = sumImaginary * sumImaginary + differenceReal * differenceReal;
      real[k] = a;
      real[mirror] = a;
      imaginary[k] = b;
      imaginary[mirror] = b;
    }
  }

  #normalise(sums: Float64Array, out: Float64Array): void {
    const n = this.length;
    const energy = sums[0]!;
    for (let k = 0; k <= this.maxLag; k++) {
      out[k] = energy > 0 ? ((sums[k]! / energy) * n) / (n - k) : 0;
    }
  }
}

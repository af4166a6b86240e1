/**
 * In-place complex Fourier transform of one power-of-two length (iterative radix 2, decimation in time, Cooley and Tukey 1965).
 * Tables are made once per length, because a test transforms hundreds of series of the same length.
 */
export class Fft {
  readonly size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #reversed: Uint16Array;

  /** `size`: a power of two, 2 to 65,536. */
  constructor(size: number) {
    if (size < 2 || size > 65_536 || (size & (size - 1)) !== 0) {
      throw new RangeError(`FFT size must be a power of two from 2 to 65536, got ${size}`);
    }
    this.size = size;
    this.#cosines = new Float64Array(size / 2);
    this.#sines = new Float64Array(size / 2);
    for (let i = 0; i < size / 2; i++) {
      this.#cosines[i] = Math.cos((2 * Math.PI * i) / size);
      this.#sines[i] = -Math.sin((2 * Math.PI * i) / size);
    }
    this.#reversed = new Uint16Array(size);
    for (let i = 1; i < size; i++) {
      this.#reversed[i] = (this.#reversed[i >> 1]! >> 1) | ((i & 1) === 1 ? size >> 1 : 0);
    }
  }

  /** Forward, without scaling: X[k] = sum of x[n] exp(-2 pi i k n / size). */
  transform(real: Float64Array, imaginary: Float64Array): void {
    this.#permute(real, imaginary);
    const cosines = this.#cosines;
    const sines = this.#sines;
    const size = this.size;
    for (let half = 1, stride = size >> 1; half < size; half <<= 1, stride >>= 1) {
      for (let k = 0; k < half; k++) {
        const c = cosines[k * stride]!;
        const s = sines[k * stride]!;
        for (let top = k; top < size; top += 2 * half) {
          const bottom = top + half;
          const br = real[bottom]! * c - imaginary[bottom]! * s;
          const bi = real[bottom]! * s + imaginary[bottom]! * c;
          real[bottom] = real[top]! - br;
          imaginary[bottom] = imaginary[top]! - bi;
          real[top] = real[top]! + br;
          imaginary[top] = imaginary[top]! + bi;
        }
      }
    }
  }

  #permute(real: Float64Array, imaginary: Float64Array): void {
    const reversed = this.#reversed;
    for (let i = 0; i < this.size; i++) {
      const j = reversed[i]!;
      if (j <= i) continue;
      const r = real[i]!;
      real[i] = real[j]!;
      real[j] = r;
      const m = imaginary[i]!;
      imaginary[i] = imaginary[j]!;
      imaginary[j] = m;
    }
  }
}

import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { Fft } from './fft.ts';

/** Real and imaginary parts in turn. */
function complexNoise(size: number): Float64Array {
  const { normal } = createDice(size);
  return Float64Array.from({ length: 2 * size }, () => normal());
}

/** Sum over n of x[n] exp(-2 pi i k n / size), as the definition says. */
function defined(complex: Float64Array, k: number): readonly [number, number] {
  const size = complex.length / 2;
  let re = 0;
  let im = 0;
  for (let n = 0; n < size; n++) {
    const angle = (-2 * Math.PI * k * n) / size;
    re += complex[2 * n]! * Math.cos(angle) - complex[2 * n + 1]! * Math.sin(angle);
    im += complex[2 * n]! * Math.sin(angle) + complex[2 * n + 1]! * Math.cos(angle);
  }
  return [re, im];
}

function reversed(index: number, size: number): number {
  let result = 0;
  for (let bit = 1; bit < size; bit *= 2) result = 2 * result + (Math.floor(index / bit) % 2);
  return result;
}

describe('analysis/period/fft', () => {
  it.each([2, 4, 8, 64, 128])('agrees with the definition at length %d', (size) => {
    const complex = complexNoise(size);
    const expected = Array.from({ length: size }, (_, k) => defined(complex, k));
    new Fft(size).toReversed(complex);
    for (const [k, [re, im]] of expected.entries()) {
      expect(complex[2 * reversed(k, size)]).toBeCloseTo(re, 10);
      expect(complex[2 * reversed(k, size) + 1]).toBeCloseTo(im, 10);
    }
  });

  it.each([2, 4, 8, 64, 128])('transforms from reversed order, too, at length %d', (size) => {
    const complex = complexNoise(size);
    const shuffled = complex.map(
      (_, at) => complex[2 * reversed(Math.floor(at / 2), size) + (at % 2)]!,
    );
    new Fft(size).fromReversed(shuffled);
    for (let k = 0; k < size; k++) {
      const [re, im] = defined(complex, k);
      expect(shuffled[2 * k]).toBeCloseTo(re, 10);
      expect(shuffled[2 * k + 1]).toBeCloseTo(im, 10);
    }
  });

  it.each([0, 1, 3, 100, 131_072])('refuses length %d', (size) => {
    expect(() => new Fft(size)).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { Fft } from './fft.ts';

describe('analysis/period/fft', () => {
  it.each([2, 4, 8, 64])('agrees with the definition at length %d', (size) => {
    const { normal } = createDice(size);
    const real = Float64Array.from({ length: size }, () => normal());
    const imaginary = Float64Array.from({ length: size }, () => normal());
    const expected = Array.from({ length: size }, (_, k) => {
      let re = 0;
      let im = 0;
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * k * n) / size;
        re += real[n]! * Math.cos(angle) - imaginary[n]! * Math.sin(angle);
        im += real[n]! * Math.sin(angle) + imaginary[n]! * Math.cos(angle);
      }
      return [re, im] as const;
    });
    new Fft(size).transform(real, imaginary);
    for (const [k, [re, im]] of expected.entries()) {
      expect(real[k]).toBeCloseTo(re, 10);
      expect(imaginary[k]).toBeCloseTo(im, 10);
    }
  });

  it.each([0, 1, 3, 100, 131_072])('refuses length %d', (size) => {
    expect(() => new Fft(size)).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { chooseIndex, fundamentalOf, refinePeriod } from './refine.ts';

function cosine(period: number): Float64Array {
  return Float64Array.from({ length: 421 }, (_, k) => Math.cos((2 * Math.PI * k) / period));
}

describe('analysis/period/refine', () => {
  it.each([10.3, 40.37, 133.21])(
    'finds %d within a tenth of a percent from 3 %% beside it',
    (period) => {
      expect(Math.abs(refinePeriod(cosine(period), period * 1.03) / period - 1)).toBeLessThan(1e-3);
    },
  );

  it('leaves a period alone when the correlation has no top there', () => {
    const falling = Float64Array.from({ length: 421 }, (_, k) => 1 - k / 421);
    expect(refinePeriod(falling, 50)).toBe(50);
  });

  it('goes back from a multiple to the fundamental', () => {
    const narrow = Float64Array.from({ length: 841 }, (_, k) => {
      const distance = Math.abs(k - 75 * Math.round(k / 75));
      return Math.max(0, 1 - distance / 6) - 0.1;
    });
    expect(fundamentalOf(narrow, 225)).toBeCloseTo(75, 1);
    expect(fundamentalOf(narrow, 75)).toBe(75);
  });

  it('keeps a period whose parts score less: two different halves are one cycle', () => {
    const twoStep = Float64Array.from(
      { length: 421 },
      (_, k) => 0.6 * Math.cos((2 * Math.PI * k) / 60) + 0.4 * Math.cos((2 * Math.PI * k) / 30),
    );
    expect(fundamentalOf(twoStep, 60)).toBe(60);
  });

  it('chooses the smallest that is nearly as good, then the best just above it', () => {
    const periods = Float64Array.of(10, 10.5, 11, 20, 30);
    const contrast = Float32Array.of(0.95, 1.0, 0.97, 0.3, 1.04);
    expect(chooseIndex(periods, contrast, [0, 1, 2, 4])).toBe(1);
    expect(chooseIndex(periods, Float32Array.of(0.5, 0.5, 0.5, 0.3, 1), [0, 1, 4])).toBe(4);
  });
});

import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { Autocorrelation } from './autocorrelation.ts';

function slow(values: Float64Array, lag: number): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    square += values[i]! ** 2;
    if (i >= lag) product += values[i]! * values[i - lag]!;
  }
  return ((product / square) * values.length) / (values.length - lag);
}

describe('analysis/period/autocorrelation', () => {
  it.each([24, 100, 257, 1200])(
    'agrees lag by lag with the definition, both series of %d samples',
    (length) => {
      const { normal } = createDice(length);
      const first = Float64Array.from({ length }, () => normal());
      const second = Float64Array.from({ length }, (_, i) => Math.sin(i / 3) + 0.1 * normal());
      const autocorrelation = new Autocorrelation(length);
      const outs = [0, 1].map(() => new Float64Array(autocorrelation.maxLag + 1));
      autocorrelation.compute(first, second, outs[0]!, outs[1]!);
      expect(autocorrelation.maxLag).toBe(Math.floor(0.7 * length));
      for (let lag = 0; lag <= autocorrelation.maxLag; lag++) {
        expect(outs[0]![lag]).toBeCloseTo(slow(first, lag), 9);
        expect(outs[1]![lag]).toBeCloseTo(slow(second, lag), 9);
      }
    },
  );

  it('gives zeros for a series without variance', () => {
    const autocorrelation = new Autocorrelation(32);
    const outs = [0, 1].map(() => new Float64Array(autocorrelation.maxLag + 1).fill(7));
    autocorrelation.compute(new Float64Array(32), new Float64Array(32), outs[0]!, outs[1]!);
    expect(outs.every((out) => out.every((value) => value === 0))).toBe(true);
  });
});

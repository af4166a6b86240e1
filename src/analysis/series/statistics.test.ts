import { describe, expect, it } from 'vitest';
import {
  deviation,
  maximum,
  mean,
  medianInPlace,
  minimum,
  percentile,
  shareBelow,
  skewness,
  sorted,
} from './statistics.ts';
import { createDice } from '../../../test/support/synthetic-series.ts';

describe('analysis/series/statistics', () => {
  const values = Float64Array.of(4, 1, 3, 2);

  it('describes a small sample as by hand', () => {
    expect(mean(values)).toBe(2.5);
    expect(deviation(values)).toBeCloseTo(Math.sqrt(1.25), 12);
    expect([minimum(values), maximum(values)]).toEqual([1, 4]);
    expect(shareBelow(values, 3)).toBe(0.5);
    expect([...values]).toEqual([4, 1, 3, 2]);
  });

  it('knows on which side values lie far from the others', () => {
    expect(skewness(Float64Array.of(0, 0, 0, 4))).toBeCloseTo(2 / Math.sqrt(3), 12);
    expect(skewness(Float64Array.of(4, 4, 4, 0))).toBeCloseTo(-2 / Math.sqrt(3), 12);
    expect(skewness(values)).toBeCloseTo(0, 12);
    expect(skewness(new Float64Array(3).fill(7))).toBe(0);
  });

  it.each([
    [0, 1],
    [50, 2.5],
    [100, 4],
    [90, 3.7],
  ])('gives percentile %d as %d', (percent, expected) => {
    expect(percentile(sorted(values), percent)).toBeCloseTo(expected, 12);
  });

  it('finds the median that sorting finds, on random series with ties', () => {
    const { uniform } = createDice(5);
    for (let length = 1; length < 60; length++) {
      const random = Float64Array.from({ length }, () => Math.floor(10 * uniform()));
      expect(medianInPlace(Float64Array.from(random))).toBe(sorted(random)[(length - 1) >> 1]);
    }
    expect(medianInPlace(new Float64Array(0))).toBeNaN();
  });
});

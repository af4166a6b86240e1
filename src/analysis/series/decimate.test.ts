import { describe, expect, it } from 'vitest';
import { decimate } from './decimate.ts';

describe('analysis/series/decimate', () => {
  it('averages groups and drops the oldest rest', () => {
    const { values, factor } = decimate(Float64Array.of(9, 1, 3, 5, 7, 2, 4), 4);
    expect(factor).toBe(2);
    expect([...values]).toEqual([2, 6, 3]);
  });

  it('leaves short series alone', () => {
    const values = Float64Array.of(1, 2, 3);
    expect(decimate(values, 3)).toEqual({ values, factor: 1 });
    expect(decimate(values, 3).values).toBe(values);
  });

  it('removes fast variation instead of folding it into a slow one', () => {
    const alternating = Float64Array.from({ length: 3000 }, (_, i) => (i % 2) * 100);
    const { values } = decimate(alternating, 1000);
    expect(Math.max(...values) - Math.min(...values)).toBeLessThan(34);
    expect(decimate(alternating, 1500).values.every((value) => value === 50)).toBe(true);
  });
});

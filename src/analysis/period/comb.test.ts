import { describe, expect, it } from 'vitest';
import { Comb, contrastNear, teethOf } from './comb.ts';

function cosine(maxLag: number, period: number): Float64Array {
  return Float64Array.from({ length: maxLag + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / period));
}

describe('analysis/period/comb', () => {
  it('tries periods from four samples to a third of the series, 1 % apart', () => {
    const { periods } = new Comb(600, 420);
    expect(periods[0]).toBe(4);
    expect(periods.at(-1)).toBeLessThanOrEqual(200);
    expect(periods.at(-1)).toBeGreaterThan(198);
    expect(periods[10]! / periods[9]!).toBeCloseTo(1.01, 12);
  });

  it('has one period even for the shortest series', () => {
    expect(new Comb(8, 5).periods).toHaveLength(1);
  });

  it('scores a pure cycle near 2 at its period, as high at odd multiples, low at half and twice', () => {
    const comb = new Comb(600, 420);
    const contrast = new Float32Array(comb.periods.length);
    const inPhase = new Float32Array(comb.periods.length);
    comb.score(cosine(420, 40), contrast, 0, inPhase);
    const below = comb.periods.findIndex((period) => period > 100);
    const best = contrast.indexOf(Math.max(...contrast.subarray(0, below)));
    expect(comb.periods[best]).toBeCloseTo(40, 0);
    expect(contrast[best]).toBeGreaterThan(1.95);
    expect(inPhase[best]).toBeGreaterThan(0.97);
    const half = comb.periods.findIndex((period) => period >= 20);
    expect(contrast[half]).toBeLessThan(0.5);
    const thrice = comb.periods.findIndex((period) => period >= 120);
    expect(contrast[thrice]).toBeGreaterThan(1.9);
    const twice = comb.periods.findIndex((period) => period >= 80);
    expect(contrast[twice]).toBeLessThan(0.5);
  });

  it('writes from the given offset on', () => {
    const comb = new Comb(60, 42);
    const rows = new Float32Array(2 * comb.periods.length);
    comb.score(cosine(42, 10), rows, comb.periods.length);
    expect(rows.subarray(0, comb.periods.length).every((value) => value === 0)).toBe(true);
    expect(Math.max(...rows)).toBeGreaterThan(1.5);
  });

  it('finds the top of a narrow peak beside the grid', () => {
    const narrow = Float64Array.from({ length: 841 }, (_, k) => {
      const distance = Math.abs(k - 75 * Math.round(k / 75));
      return Math.max(0, 1 - distance / 6) - 0.1;
    });
    expect(contrastNear(narrow, 75.4)).toBeGreaterThan(0.95);
  });

  it.each([
    [10, 42, 4],
    [4, 420, 6],
    [50, 42, 1],
  ])('looks at as many multiples of %d as fit below %d: %d', (period, maxLag, teeth) => {
    expect(teethOf(period, maxLag)).toBe(teeth);
  });
});

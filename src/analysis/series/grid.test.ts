import { describe, expect, it } from 'vitest';
import { lastSeconds, missingShare, toGrid } from './grid.ts';

function ramp(times: number[]) {
  return { timesSeconds: Float64Array.from(times), values: Float64Array.from(times, (t) => 2 * t) };
}

describe('analysis/series/grid', () => {
  it('puts irregular samples on even steps of their median interval', () => {
    const grid = toGrid(ramp([10, 11.4, 12, 13, 14.2, 15]))!;
    expect(grid.stepSeconds).toBeCloseTo(1, 12);
    expect([...grid.values].map((value) => value.toFixed(6))).toEqual(
      [20, 22, 24, 26, 28, 30].map((value) => value.toFixed(6)),
    );
    expect(missingShare(grid)).toBe(0);
  });

  it('marks points in a gap as not covered', () => {
    const grid = toGrid(ramp([0, 1, 2, 3, 4, 5, 9, 10]))!;
    expect([...grid.covered]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1]);
    expect(missingShare(grid)).toBeCloseTo(3 / 11, 12);
  });

  it('takes the mean interval where samples come in pairs', () => {
    const pairs = Array.from({ length: 40 }, (_, i) => 5 * Math.floor(i / 2) + (i % 2));
    const grid = toGrid(ramp(pairs))!;
    expect(grid.stepSeconds).toBeGreaterThan(2);
    expect(missingShare(grid)).toBeLessThan(0.2);
  });

  it('needs two samples', () => {
    expect(toGrid(ramp([]))).toBeNull();
    expect(toGrid(ramp([1]))).toBeNull();
  });

  it('bounds the number of points when one gap dwarfs the intervals', () => {
    expect(toGrid(ramp([0, 0.001, 0.002, 1e6]))!.values.length).toBeLessThan(40_000);
  });

  it('cuts the end without copying', () => {
    const grid = toGrid(ramp([0, 1, 2, 3, 4, 5, 6]))!;
    const end = lastSeconds(grid, 3, 6)!;
    expect(end.startSeconds).toBe(3);
    expect([...end.values]).toEqual([6, 8, 10, 12]);
    expect(end.values.buffer).toBe(grid.values.buffer);
    expect(lastSeconds(grid, 100, 6)).toBe(grid);
    expect(lastSeconds(grid, 3, 60)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { nextMemoryMaximum, recentMaximum } from './memory.ts';

const series = {
  timesSeconds: Float64Array.of(0, 500, 900, 1000),
  values: Float64Array.of(9000, 4000, 1000, 2000),
};

describe('analysis/forecast/memory', () => {
  it('looks back as far as asked', () => {
    expect(recentMaximum(series, 100, 1000)).toBe(2000);
    expect(recentMaximum(series, 600, 1000)).toBe(4000);
    expect(recentMaximum(series, 10, 2000)).toBeNull();
    expect(recentMaximum(undefined, 10, 1000)).toBeNull();
  });

  it('adds a twentieth and 256 MiB to the largest of ten minutes, up to the total', () => {
    expect(nextMemoryMaximum(series, 1000, undefined)).toBeCloseTo(4456, 9);
    expect(nextMemoryMaximum(series, 1000, 4200)).toBe(4200);
    expect(nextMemoryMaximum(series, 1000, 3000)).toBe(4000);
    expect(nextMemoryMaximum(undefined, 1000, 3000)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { UsageSeries } from '../verdict.ts';
import { nextMemoryMaximum, recentMaximum } from './memory.ts';

/** MiB every 10 s, levels as [seconds, MiB]. */
function held(...levels: [number, number][]): UsageSeries {
  const values = levels.flatMap(([seconds, mib]) => Array<number>(seconds / 10).fill(mib));
  return {
    timesSeconds: Float64Array.from(values, (_, i) => 10 * i),
    values: Float64Array.from(values),
  };
}

function boundOf(series: UsageSeries, totalMiB?: number): number {
  return nextMemoryMaximum(series, series.timesSeconds.at(-1)!, totalMiB)!;
}

describe('analysis/forecast/memory', () => {
  const series = {
    timesSeconds: Float64Array.of(0, 500, 900, 1000),
    values: Float64Array.of(9000, 4000, 1000, 2000),
  };

  it('looks back as far as asked', () => {
    expect(recentMaximum(series, 100, 1000)).toBe(2000);
    expect(recentMaximum(series, 600, 1000)).toBe(4000);
    expect(recentMaximum(series, 600, 1000, 600)).toBeNull();
    expect(recentMaximum(series, 1000, 1000, 600)).toBe(9000);
    expect(recentMaximum(series, 10, 2000)).toBeNull();
    expect(recentMaximum(undefined, 10, 1000)).toBeNull();
  });

  it('adds little to a level that has been held for minutes, more to a new one', () => {
    expect(boundOf(held([600, 4000]))).toBeCloseTo(1.03 * 4000 + 64, 9);
    expect(boundOf(held([600, 0], [200, 4000]))).toBeCloseTo(1.1 * 4000 + 256, 9);
    expect(boundOf(held([400, 3000], [200, 4000]))).toBeCloseTo(1.1 * 4000 + 256, 9);
    expect(boundOf(held([400, 3990], [200, 4000]))).toBeCloseTo(1.03 * 4000 + 64, 9);
    expect(boundOf(held([60, 4000]))).toBeCloseTo(1.1 * 4000 + 256, 9);
  });

  it('forgets what was held more than ten minutes ago, while something is held', () => {
    expect(boundOf(held([600, 9000], [500, 4000]))).toBeCloseTo(1.03 * 9000 + 64, 9);
    expect(boundOf(held([600, 9000], [700, 4000]))).toBeCloseTo(1.03 * 4000 + 64, 9);
  });

  it('expects the last job again on an empty GPU, for an hour', () => {
    const after = 1.03 * 4000 + 64;
    expect(boundOf(held([600, 9000], [700, 4000], [1800, 300]))).toBeCloseTo(after, 9);
    expect(boundOf(held([700, 4000], [3500, 300]))).toBeCloseTo(after, 9);
    expect(boundOf(held([700, 4000], [3700, 300]))).toBeCloseTo(1.03 * 300 + 64, 9);
  });

  it('never promises more than there is, nor less than is used', () => {
    expect(boundOf(held([600, 4000]), 4100)).toBe(4100);
    expect(boundOf(held([600, 4000]), 3000)).toBe(4000);
    expect(nextMemoryMaximum(undefined, 1000, 3000)).toBeNull();
  });
});

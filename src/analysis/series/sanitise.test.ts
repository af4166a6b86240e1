import { describe, expect, it } from 'vitest';
import { sanitise, sanitiseFacts } from './sanitise.ts';

function series(times: number[], values: number[]) {
  return { timesSeconds: Float64Array.from(times), values: Float64Array.from(values) };
}

describe('analysis/series/sanitise', () => {
  it('returns a clean series as it is', () => {
    const clean = series([1, 2, 3], [0, 50, 100]);
    expect(sanitise('util', clean)).toBe(clean);
  });

  it('drops what cannot be true, sorts, and keeps the first of equal stamps', () => {
    const dirty = series(
      [5, 1, 2, 2, 3, 4, Number.NaN, Infinity, 1e300, -1e300],
      [50, 10, 20, 21, Number.NaN, 4_294_967_295, 7, 8, 9, 9],
    );
    const kept = sanitise('util', dirty);
    expect([...kept.timesSeconds]).toEqual([1, 2, 5]);
    expect([...kept.values]).toEqual([10, 20, 50]);
  });

  it('judges each channel by its own unit', () => {
    const large = series([1, 2], [80_000, -1]);
    expect([...sanitise('memUsed', large).values]).toEqual([80_000]);
    expect(sanitise('power', large).values).toHaveLength(0);
  });

  it('takes the shorter of unequal arrays', () => {
    expect(sanitise('util', series([1, 2, 3], [1, 2])).values).toHaveLength(2);
  });

  it.each([[[-1e300, 1]], [[1, 1e300]]])('drops %j even where all else is clean', (times) => {
    expect([...sanitise('util', series(times, [5, 6])).timesSeconds]).toEqual([1]);
  });

  it.each([Number.NaN, 0, -1, Infinity])('takes %d for no capacity and no limit', (value) => {
    const facts = { channels: {}, sampling: 'native', memoryTotalMiB: value } as const;
    expect(sanitiseFacts({ ...facts, powerLimitWatts: value })).toEqual({
      channels: {},
      sampling: 'native',
    });
    expect(sanitiseFacts({ ...facts, memoryTotalMiB: 80 }).memoryTotalMiB).toBe(80);
  });
});

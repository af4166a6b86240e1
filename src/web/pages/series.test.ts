import { describe, expect, it } from 'vitest';
import { bridged, emptySeries, mean, merge, shares, sinceFirstSample } from './series.ts';

const bins = (util: (number | null)[]) => ({
  util,
  memUsedMiB: util.map(() => null),
  powerWatts: util.map(() => null),
});

describe('web/pages/series', () => {
  it('lays late bins over the kept ones without a double second', () => {
    const first = merge(emptySeries(), 100, bins([1, 2, null]), 600);
    const second = merge(first, 101, bins([2, 3, 4]), 600);
    expect(second.times).toEqual([100, 101, 102, 103]);
    expect(second.util).toEqual([1, 2, 3, 4]);
  });

  it('keeps the range', () => {
    let series = emptySeries();
    for (let at = 0; at < 900; at += 2) series = merge(series, at, bins([at, at + 1]), 600);
    expect(series.times).toHaveLength(600);
    expect(series.times.at(-1)).toBe(899);
    expect(series.util[0]).toBe(300);
  });

  it('begins with the first sample, but shows two minutes at least', () => {
    const late = merge(
      emptySeries(),
      0,
      bins([...Array<null>(300).fill(null), ...Array<number>(200).fill(5)]),
      600,
    );
    expect(sinceFirstSample(late).times[0]).toBe(300);
    const fresh = merge(emptySeries(), 0, bins([...Array<null>(590).fill(null), 5, 5]), 600);
    expect(sinceFirstSample(fresh).times).toHaveLength(120);
  });

  it('has bins of a minute as well', () => {
    const first = merge(emptySeries(60), 600, bins([1, 2, null]), 240);
    const second = merge(first, 720, bins([3, 4, 5]), 240);
    expect(second).toMatchObject({ times: [660, 720, 780, 840], util: [2, 3, 4, 5] });
  });

  it('bridges a second without a reading, not a silence', () => {
    expect(bridged([1, null, null, 4, null, null, null], 2)).toEqual([1, 1, 1, 4, 4, 4, null]);
    expect(bridged([null, 3], 2)).toEqual([null, 3]);
  });

  it('gives shares of a capacity, or of the largest value where none is known', () => {
    expect(shares([50, null, 100], 200)).toEqual([25, null, 50]);
    expect(shares([50, 100], null)).toEqual([50, 100]);
    expect(shares([null, 0], null)).toEqual([null, null]);
  });

  it('has no mean without samples', () => {
    expect(mean([null, null])).toBeNull();
    expect(mean([1, null, 3])).toBe(2);
  });
});

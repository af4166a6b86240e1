import { describe, expect, it } from 'vitest';
import { meanBins } from './bins.ts';

describe('app/standalone/bins', () => {
  it('averages within a second and leaves a second without samples empty', () => {
    const series = {
      timesSeconds: Float64Array.of(99.9, 100, 100.5, 102.2),
      values: Float64Array.of(7, 10, 20, 90),
    };
    expect(meanBins(series, 100, 4)).toEqual([15, null, 90, null]);
  });

  it('is empty, not zero, without a series', () => {
    expect(meanBins(undefined, 0, 2)).toEqual([null, null]);
  });
});

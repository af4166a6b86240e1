import { describe, expect, it } from 'vitest';
import {
  createDice,
  nullFamilies,
  periodicSeries,
} from '../../../test/support/synthetic-series.ts';
import { edgeIntervals, isRegular } from './edge-intervals.ts';

describe('analysis/period/edge-intervals', () => {
  it('measures from rise to rise', () => {
    const values = Float64Array.from([9, 1, 1, 9, 9, 1, 1, 1, 9, 1, 9]);
    expect(edgeIntervals(values)).toEqual([5, 2]);
    expect(edgeIntervals(new Float64Array(20).fill(7))).toEqual([]);
  });

  it('calls whole periods regular, and those of which one was missed', () => {
    expect(isRegular([20, 21, 19, 40, 20], 20)).toBe(true);
    expect(isRegular([20, 30, 19, 27, 20], 20)).toBe(false);
    expect(isRegular([20, 21], 20)).toBe(false);
    expect(isRegular([2, 3, 2, 1], 20)).toBe(false);
  });

  it.each(['square 70 %', '8 % dips', '15 % pulses'])('tells %s', (shape) => {
    for (let seed = 1; seed <= 10; seed++) {
      const options = { shape, samples: 300, stepSeconds: 1, periodSeconds: 40, jitter: 0.05 };
      const { values } = periodicSeries(options, createDice(seed));
      expect(isRegular(edgeIntervals(values), 40)).toBe(true);
    }
  });

  it('from random on/off, whatever the period', () => {
    const family = nullFamilies['random on/off, ~15 bursts']!;
    for (let seed = 1; seed <= 10; seed++) {
      const intervals = edgeIntervals(family(300, createDice(seed)));
      for (const period of [10, 15, 20, 30, 60]) expect(isRegular(intervals, period)).toBe(false);
    }
  });
});

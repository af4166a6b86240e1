import { describe, expect, it } from 'vitest';
import {
  createDice,
  nullFamilies,
  periodicSeries,
} from '../../../test/support/synthetic-series.ts';
import { detector } from '../thresholds.ts';
import { edgesOf, onOffWeight } from './edge-intervals.ts';

const { regularWeight, irregularWeight } = detector;
const seeds = Array.from({ length: 10 }, (_, i) => i + 1);

function weightOf(intervals: readonly number[], twoLevelShare = 0.95): number {
  return onOffWeight({ intervals, twoLevelShare }, 20);
}

describe('analysis/period/edge-intervals', () => {
  it('measures from rise to rise', () => {
    const values = Float64Array.from([9, 1, 1, 9, 9, 1, 1, 1, 9, 1, 9]);
    const edges = edgesOf(values);
    expect(edges.intervals).toEqual([5, 2]);
    expect(edges.twoLevelShare).toBeCloseTo(1);
    expect(edgesOf(new Float64Array(20).fill(7))).toEqual({ intervals: [], twoLevelShare: 0 });
    const sine = Float64Array.from({ length: 200 }, (_, i) => Math.sin((2 * Math.PI * i) / 20));
    expect(edgesOf(sine).twoLevelShare).toBeCloseTo(0.81, 1);
  });

  it('calls whole periods regular, and those of which one was missed', () => {
    expect(weightOf([20, 21, 19, 40, 20])).toBe(regularWeight);
    expect(weightOf([20, 30, 19, 27, 20])).toBe(irregularWeight);
    expect(weightOf([2, 3, 2, 1])).toBe(irregularWeight);
  });

  it('says nothing of few, nor of what is not two levels', () => {
    expect(weightOf([20, 30])).toBe(1);
    expect(weightOf([20, 30, 19, 27, 20], 0.8)).toBe(1);
  });

  it.each(['square 70 %', '8 % dips', '15 % pulses'])('tells %s', (shape) => {
    for (const seed of seeds) {
      const options = { shape, samples: 300, stepSeconds: 1, periodSeconds: 40, jitter: 0.05 };
      const { values } = periodicSeries(options, createDice(seed));
      expect(onOffWeight(edgesOf(values), 40)).toBe(regularWeight);
    }
  });

  it('from random on/off, whatever the period', () => {
    const family = nullFamilies['random on/off, ~15 bursts']!;
    for (const seed of seeds) {
      const edges = edgesOf(family(300, createDice(seed)));
      for (const period of [10, 15, 20, 30, 60]) {
        expect(onOffWeight(edges, period)).toBe(irregularWeight);
      }
    }
  });
});

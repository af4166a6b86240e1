import { describe, expect, it } from 'vitest';
import { createDice } from '../../test/support/synthetic-series.ts';
import { intervalsOf, isRandomised } from './intervals.ts';

function stamps(count: number, interval: (i: number) => number): Float64Array {
  let time = 0;
  return Float64Array.from({ length: count }, (_, i) => (time += interval(i)));
}

describe('analysis/intervals', () => {
  it('measures even samples', () => {
    const intervals = intervalsOf(stamps(100, () => 0.5))!;
    expect(intervals).toMatchObject({ medianSeconds: 0.5, meanSeconds: 0.5 });
    expect(intervals.variation).toBeCloseTo(0);
    expect(isRandomised(intervals)).toBe(false);
  });

  it('takes intervals of the collector, uniform within 50 %, as random', () => {
    const { uniform } = createDice(1);
    const intervals = intervalsOf(stamps(400, () => 0.1 + 0.2 * uniform()))!;
    expect(intervals.variation).toBeCloseTo(0.29, 1);
    expect(isRandomised(intervals)).toBe(true);
  });

  it('does not take a late loop or gaps for chance', () => {
    const { uniform } = createDice(2);
    const late = intervalsOf(stamps(400, () => 1 + 0.1 * uniform()))!;
    expect(isRandomised(late)).toBe(false);
    const withGaps = intervalsOf(stamps(400, (i) => (i % 50 === 0 ? 20 : 1)))!;
    expect(isRandomised(withGaps)).toBe(false);
    expect(withGaps.meanSeconds).toBe(1);
  });

  it('does not take stamps in whole half seconds for chance', () => {
    const { uniform } = createDice(3);
    const ticking = intervalsOf(stamps(400, () => (uniform() < 0.4 ? 1 : 0.5)))!;
    expect(ticking.variation).toBeGreaterThan(0.3);
    expect(ticking.latticeShare).toBe(1);
    expect(isRandomised(ticking)).toBe(false);
  });

  it('needs three samples', () => {
    expect(intervalsOf(stamps(2, () => 1))).toBeNull();
    expect(intervalsOf(new Float64Array(0))).toBeNull();
  });
});

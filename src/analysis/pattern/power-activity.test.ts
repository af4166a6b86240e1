import { describe, expect, it } from 'vitest';
import type { GridSeries } from '../series/grid.ts';
import { powerActivity } from './power-activity.ts';

function watts(value: (i: number) => number): GridSeries {
  const values = Float64Array.from({ length: 200 }, (_, i) => value(i));
  return { startSeconds: 0, stepSeconds: 1, values, covered: new Uint8Array(200).fill(1) };
}

const work = (i: number): number => 500 + 40 * Math.sin(i);
const pauses = watts((i) => (i % 40 < 20 ? 90 : work(i)));

describe('analysis/pattern/power-activity', () => {
  it('learns floor and ceiling from the series', () => {
    const { values } = powerActivity(pauses, undefined);
    expect(values[5]).toBe(0);
    expect(Math.min(...values.filter((_, i) => i % 40 >= 20))).toBeGreaterThan(80);
  });

  it('does not take the low end of noise for a floor', () => {
    const { values } = powerActivity(
      watts((i) => 60 + 240 * ((i * 0.618) % 1)),
      undefined,
    );
    // The lowest values are 60 of 300 W; the floor is taken to be 45 W.
    expect(Math.min(...values)).toBeGreaterThan(5);
    expect(Math.min(...values)).toBeLessThan(9);
  });

  it('takes a load that never rests for work, at its level', () => {
    const { values } = powerActivity(watts(work), undefined);
    expect(Math.min(...values)).toBeGreaterThan(75);
    expect(Math.max(...values)).toBe(100);
  });

  it.each([
    ['a quiet board of a data centre', watts((i) => 62 + Math.sin(i)), undefined, 0],
    ['a desktop card with its ripple', watts((i) => 18 + 5 * Math.sin(i)), undefined, 0],
    ['a small board that works', watts((i) => 66 + 3 * Math.sin(i)), undefined, 100],
    ['the same beside its limit', watts((i) => 66 + 3 * Math.sin(i)), 72, 100],
    ['a large board at rest beside its limit', watts((i) => 115 + Math.sin(i)), 700, 0],
    ['nothing', watts(() => 0), undefined, 0],
  ])('knows %s', (_, power, limit, most) => {
    expect(Math.max(...powerActivity(power, limit).values)).toBe(most);
  });
});

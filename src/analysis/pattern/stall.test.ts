import { describe, expect, it } from 'vitest';
import { toGrid } from '../series/grid.ts';
import { isStalled } from './stall.ts';

function series(seconds: number, step: number, value: (time: number) => number) {
  const timesSeconds = Float64Array.from({ length: seconds / step }, (_, i) => i * step);
  return toGrid({ timesSeconds, values: timesSeconds.map(value) })!;
}

describe('analysis/pattern/stall', () => {
  const full = series(120, 0.2, () => 100);

  it.each([
    ['spinning at 150 of 700 W', 150, 700, true],
    ['working at 550 of 700 W', 550, 700, false],
    ['spinning at 90 of 250 W', 90, 250, true],
    ['working at 120 of 250 W', 120, 250, false],
  ])('%s', (_, watts, limit, expected) => {
    expect(
      isStalled(
        full,
        series(120, 1, () => watts),
        limit,
      ),
    ).toBe(expected);
  });

  it('needs half of the time', () => {
    const watts = (share: number) => (time: number) => (time % 60 < 60 * share ? 120 : 500);
    expect(isStalled(full, series(120, 1, watts(0.6)), 700)).toBe(true);
    expect(isStalled(full, series(120, 1, watts(0.4)), 700)).toBe(false);
  });

  it('is not idleness', () => {
    expect(
      isStalled(
        series(120, 0.2, () => 0),
        series(120, 1, () => 70),
        700,
      ),
    ).toBe(false);
  });
});

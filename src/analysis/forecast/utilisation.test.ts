import { describe, expect, it } from 'vitest';
import { toGrid } from '../series/grid.ts';
import { nextMeanUtilisation } from './utilisation.ts';

function grid(n: number, value: (i: number) => number) {
  const timesSeconds = Float64Array.from({ length: n }, (_, i) => i);
  return toGrid({ timesSeconds, values: timesSeconds.map(value) })!;
}

describe('analysis/forecast/utilisation', () => {
  it('expects of a cycle what its next two minutes hold, not its mean', () => {
    // 2 min after a cycle of 200 s has just begun: 120 s of its 150 s of work.
    const util = grid(600, (i) => (i % 200 < 150 ? 100 : 0));
    expect(nextMeanUtilisation(util, 599, 200)).toBeCloseTo(100, 0);
  });

  it('persists otherwise, from the last change of level on', () => {
    expect(
      nextMeanUtilisation(
        grid(600, () => 42),
        599,
        null,
      ),
    ).toBeCloseTo(42, 9);
    expect(
      nextMeanUtilisation(
        grid(600, (i) => (i < 540 ? 90 : 20)),
        599,
        null,
      ),
    ).toBeCloseTo(20, 9);
  });
});

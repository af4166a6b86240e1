import { describe, expect, it } from 'vitest';
import { toGrid } from '../series/grid.ts';
import { copyLastCycle, nextMeanUtilisation } from './utilisation.ts';

function grid(n: number, value: (i: number) => number) {
  const timesSeconds = Float64Array.from({ length: n }, (_, i) => i);
  return toGrid({ timesSeconds, values: timesSeconds.map(value) })!;
}

const square = (i: number): number => (i % 50 < 30 ? 90 : 10);

describe('analysis/forecast/utilisation', () => {
  it('continues a cycle in phase, also with a period between samples', () => {
    const past = Float64Array.from({ length: 210 }, (_, i) => square(i));
    const next = copyLastCycle(past, 50, 130)!;
    expect([...next]).toEqual(Array.from({ length: 130 }, (_, i) => square(210 + i)));
    const sine = (i: number): number => 50 + 40 * Math.sin((2 * Math.PI * i) / 31.4);
    const copied = copyLastCycle(
      Float64Array.from({ length: 200 }, (_, i) => sine(i)),
      31.4,
      300,
    )!;
    for (const [i, value] of copied.entries())
      expect(Math.abs(value - sine(200 + i))).toBeLessThan(8);
  });

  it('does not copy what has drifted, nor less than two cycles', () => {
    const drifting = Float64Array.from({ length: 150 }, (_, i) =>
      i < 100 ? square(i) : 100 - square(i),
    );
    expect(copyLastCycle(drifting, 50, 50)).toBeNull();
    expect(copyLastCycle(drifting.subarray(0, 99), 50, 50)).toBeNull();
  });

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

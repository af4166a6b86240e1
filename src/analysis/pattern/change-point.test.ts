import { describe, expect, it } from 'vitest';
import { createDice, nullFamilies } from '../../../test/support/synthetic-series.ts';
import { findSplit, lastChange } from './change-point.ts';

function falseShare(family: string, n: number): number {
  let found = 0;
  for (let seed = 0; seed < 100; seed++) {
    if (findSplit(nullFamilies[family]!(n, createDice(seed))) !== null) found++;
  }
  return found / 100;
}

function step(n: number, at: number, jump: number, seed: number): Float64Array {
  const { normal } = createDice(seed);
  return Float64Array.from({ length: n }, (_, i) => 30 + (i < at ? 0 : jump) + 4 * normal());
}

describe('analysis/pattern/change-point', () => {
  it('tells how much of a series goes back to the other level', () => {
    const once = Float64Array.from({ length: 100 }, (_, i) => (i < 60 ? 2 : 80));
    expect(findSplit(once)).toMatchObject({ index: 60, strayShare: 0 });
    const back = once.map((value, i) => (i >= 20 && i < 26 ? 80 : value));
    expect(findSplit(back)?.strayShare).toBeCloseTo(0.06, 9);
    expect(findSplit(once.map((value) => 100 - value))).toMatchObject({ strayShare: 0 });
  });

  it.each([15, 40, -25])('finds a step of %d points where it is', (jump) => {
    for (let seed = 0; seed < 50; seed++) {
      const split = findSplit(step(120, 70, jump, seed))!;
      expect(Math.abs(split.index - 70)).toBeLessThanOrEqual(2);
      expect(Math.abs(split.jump - jump)).toBeLessThan(4);
    }
  });

  it('explains nearly all of a clean step', () => {
    expect(findSplit(step(200, 100, 60, 1))!.explainedShare).toBeGreaterThan(0.95);
  });

  it.each([
    ['white noise', 120, 0.02],
    ['white noise', 600, 0.02],
    ['constant, quantisation flicker', 120, 0],
    ['AR(1) 0.7', 120, 0.08],
    ['AR(1) 0.7', 600, 0.02],
    ['random on/off, ~15 bursts', 600, 0.1],
  ])('sees none in %s of %d samples (at most %d)', (family, n, most) => {
    expect(falseShare(family, n)).toBeLessThanOrEqual(most);
  });

  it('ignores jumps below ten points and series too short to split', () => {
    expect(findSplit(step(200, 100, 6, 2))).toBeNull();
    expect(findSplit(Float64Array.of(0, 0, 0, 90, 90, 90))).toBeNull();
    expect(findSplit(new Float64Array(100))).toBeNull();
  });

  it('gives the start of the present level, the last of several changes', () => {
    const { normal } = createDice(7);
    const values = Float64Array.from(
      { length: 300 },
      (_, i) => (i < 100 ? 20 : i < 180 ? 90 : 55) + 3 * normal(),
    );
    expect(Math.abs(lastChange(values) - 180)).toBeLessThanOrEqual(1);
    expect(lastChange(values.subarray(200))).toBe(0);
  });

  it('does not take the ups and downs of a cycle for changes, but does its level', () => {
    const cycle = Float64Array.from({ length: 600 }, (_, i) => (i % 40 < 28 ? 90 : 5));
    expect(lastChange(cycle, 40)).toBe(0);
    const lowered = cycle.map((value, i) => (i < 400 ? value : 0.4 * value));
    expect(Math.abs(lastChange(lowered, 40) - 400)).toBeLessThanOrEqual(40);
  });
});

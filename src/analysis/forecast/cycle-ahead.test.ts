import { describe, expect, it } from 'vitest';
import { createDice, periodicSeries } from '../../../test/support/synthetic-series.ts';
import { cycleAhead } from './cycle-ahead.ts';

function fill(n: number, value: (i: number) => number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => value(i));
}

function meanError(told: Float64Array, actual: (i: number) => number): number {
  return told.reduce((sum, value, i) => sum + Math.abs(value - actual(i)), 0) / told.length;
}

const square = (i: number): number => (i % 50 < 30 ? 90 : 10);

describe('analysis/forecast/cycle-ahead', () => {
  it('continues a cycle in phase, also with a period between samples', () => {
    const next = cycleAhead(fill(210, square), 50, 130)!;
    expect([...next]).toEqual(Array.from({ length: 130 }, (_, i) => square(210 + i)));
    const sine = (i: number): number => 50 + 40 * Math.sin((2 * Math.PI * i) / 31.4);
    const continued = cycleAhead(fill(200, sine), 31.4, 300)!;
    for (const [i, value] of continued.entries()) {
      expect(Math.abs(value - sine(200 + i))).toBeLessThan(8);
    }
  });

  it('reads between samples where a cycle has few of them', () => {
    const triangle = (i: number): number => 100 * Math.abs((2 * (i % 9.5)) / 9.5 - 1);
    const told = cycleAhead(fill(20, triangle), 9.5, 9)!;
    // The nearest samples are half a sample, 10 points, off.
    expect(meanError(told, (i) => triangle(20 + i))).toBeLessThan(2);
  });

  it('averages the noise of a steady rhythm away', () => {
    const { normal } = createDice(4);
    const noisy = fill(250, (i) => 50 + 20 * Math.sin((2 * Math.PI * i) / 50) + 10 * normal());
    const told = cycleAhead(noisy, 50, 50)!;
    const actual = (i: number): number => 50 + 20 * Math.sin((2 * Math.PI * i) / 50);
    // A copy of one cycle is off by its own noise: 8 points on average.
    expect(meanError(told, actual)).toBeLessThan(6);
  });

  it('copies the last cycle alone where the rhythm has just shifted', () => {
    const shifted = fill(200, (i) => square(i < 100 ? i : i + 20));
    const told = cycleAhead(shifted, 50, 50)!;
    expect(meanError(told, (i) => square(220 + i))).toBe(0);
  });

  it('gives no shape to what did not keep its own', () => {
    const { uniform } = createDice(5);
    const broken = fill(200, (i) => (i < 100 ? square(i) : 100 * uniform()));
    expect(new Set(cycleAhead(broken, 50, 50)).size).toBe(1);
  });

  it('is better than the level under jitter, and never worse by much', () => {
    for (const jitter of [0.05, 0.2]) {
      let ours = 0;
      let level = 0;
      for (let seed = 0; seed < 20; seed++) {
        const { values } = periodicSeries(
          { shape: 'square 70 %', samples: 600, stepSeconds: 1, periodSeconds: 60, jitter },
          createDice(seed),
        );
        const actual = (i: number): number => values[540 + i]!;
        const average = values.subarray(480, 540).reduce((sum, value) => sum + value, 0) / 60;
        ours += meanError(cycleAhead(values.subarray(0, 540), 60, 60)!, actual);
        level += meanError(new Float64Array(60).fill(average), actual);
      }
      expect(ours / level).toBeLessThan(jitter < 0.1 ? 0.7 : 1.1);
    }
  });

  it('needs two cycles', () => {
    expect(cycleAhead(fill(99, square), 50, 50)).toBeNull();
    expect(cycleAhead(fill(100, square), 0.3, 50)).toBeNull();
  });
});

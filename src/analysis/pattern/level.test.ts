import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { holdsLevel } from './level.ts';

const { normal, uniform } = createDice(4);
const series = (n: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => value(i));
const exponential = (): number => -15 * Math.log(1 - uniform());

describe('analysis/pattern/level', () => {
  it.each([
    ['a constant', series(120, () => 40)],
    ['noise', series(600, () => 40 + 10 * normal())],
    ['few samples of wild noise', series(40, exponential)],
    ['noise that remembers', series(1200, (i) => 40 + 8 * Math.sin(i / 3))],
  ])('holds for %s', (_, values) => {
    expect(holdsLevel(values, 0.15)).toBe(true);
  });

  it.each([
    ['a ramp', series(120, (i) => 20 + i / 2)],
    ['a step', series(120, (i) => (i < 60 ? 30 : 50) + 5 * normal())],
    ['a slow wave', series(600, (i) => 40 + 15 * Math.sin(i / 60))],
    ['a trend under noise', series(600, (i) => 25 + i / 20 + 12 * normal())],
    ['fewer samples than two for each part', series(15, () => 40)],
  ])('does not hold for %s', (_, values) => {
    expect(holdsLevel(values, 0.15)).toBe(false);
  });
});

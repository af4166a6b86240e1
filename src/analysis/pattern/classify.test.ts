import { describe, expect, it } from 'vitest';
import { createDice, nullFamilies } from '../../../test/support/synthetic-series.ts';
import { classes } from '../thresholds.ts';
import { classifyBusy, classifyEnded, classifyIdle } from './classify.ts';

function fill(n: number, value: (i: number) => number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => value(i));
}

describe('analysis/pattern/classify', () => {
  const empty = { usedMiB: 4, totalMiB: undefined };
  const zeros = new Float64Array(600);

  it.each([
    [4, undefined, 'idle'],
    [590, 24_000, 'idle'],
    [610, 24_000, 'alloc-idle'],
    [1500, 81_920, 'idle'],
    [1700, 81_920, 'alloc-idle'],
    [null, 81_920, 'idle'],
  ])('without work, %s MiB of %s held: %s', (memory, total, expected) => {
    expect(classifyIdle(zeros, { usedMiB: memory, totalMiB: total })?.pattern).toBe(expected);
  });

  it('forgives single blips, not use', () => {
    expect(
      classifyIdle(
        fill(600, (i) => (i % 100 === 0 ? 40 : 0)),
        empty,
      )?.pattern,
    ).toBe('idle');
    expect(
      classifyIdle(
        fill(600, (i) => (i % 20 === 0 ? 10 : 0)),
        empty,
      ),
    ).toBeNull();
    expect(
      classifyIdle(
        fill(600, () => 1.5),
        empty,
      ),
    ).toBeNull();
  });

  const { uniform, normal } = createDice(9);
  it.each([
    ['steady', fill(600, () => 92 + 3 * normal())],
    ['steady', fill(600, () => 30 + 5 * normal())],
    ['steady', fill(600, () => 90 + 12 * normal())],
    ['steady', fill(600, () => 27 + 8 * normal())],
    ['steady', fill(600, () => 8 + 2.5 * normal())],
    ['bursty', nullFamilies['random on/off, ~15 bursts']!(600, createDice(1))],
    ['transition', nullFamilies['single step']!(600, createDice(2))],
    ['steady', fill(600, () => 20 + 75 * uniform())],
    ['others', fill(600, (i) => (i % 20 < 2 ? 14 : 0))],
    ['bursty', fill(600, (i) => (i > 300 || (i > 100 && i < 130) ? 80 : 1))],
    ['transition', fill(600, (i) => 20 + i / 10 + 3 * normal())],
    ['others', fill(600, (i) => 40 + 30 * Math.sin(i / 60) + 3 * normal())],
    ['others', fill(600, (i) => 25 + i / 20 + 12 * normal())],
    ['bursty', fill(600, (i) => (i % 100 < 4 ? 44 : 0))],
  ] as const)('calls it %s', (expected, values) => {
    expect(classifyBusy({ values, stepSeconds: 0.2 }).pattern).toBe(expected);
  });

  it('calls a load that consists of its peaks bursty, although it never rests', () => {
    const peaks = fill(600, (i) => (i % 7 === 0 || i % 11 === 0 ? 90 : 12) + normal());
    expect(classifyBusy({ values: peaks, stepSeconds: 5 }).pattern).toBe('bursty');
  });

  it('asks more of a change in power than of one in utilisation', () => {
    const values = fill(600, (i) => (i < 300 ? 70 : 95) + normal());
    expect(classifyBusy({ values, stepSeconds: 1 }).pattern).toBe('transition');
    const power = { idleP97: 10, minJump: 35 };
    expect(classifyBusy({ values, stepSeconds: 1 }, classes, power).pattern).toBe('steady');
  });

  it('is surer in the middle of a class than at its edge', () => {
    const calm = classifyBusy({ values: fill(600, () => 92 + normal()), stepSeconds: 0.2 });
    const uneven = classifyBusy({ values: fill(600, () => 60 + 40 * uniform()), stepSeconds: 0.2 });
    expect([calm.pattern, uneven.pattern]).toEqual(['steady', 'steady']);
    expect(calm.confidence).toBeGreaterThan(uneven.confidence + 0.2);
  });

  it.each([
    ['bursty', 'transition', 0.5],
    ['others', 'transition', 0.5],
    ['steady', 'steady', 0.9],
    ['transition', 'transition', 0.9],
  ] as const)(
    'calls what looks %s after the end of a cycle %s',
    (pattern, expected, confidence) => {
      const after = classifyEnded({ pattern, confidence: 0.9 }, 240);
      expect(after).toEqual({ pattern: expected, confidence });
    },
  );
});

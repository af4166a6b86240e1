import { describe, expect, it } from 'vitest';
import { createDice, nullFamilies } from '../../../test/support/synthetic-series.ts';
import { detector } from '../thresholds.ts';
import { redNoise } from './red-noise.ts';
import { Surrogates } from './surrogates.ts';
import { tablesFor } from './tables.ts';

const samples = 120;
const tables = tablesFor(samples);
const observed = nullFamilies['AR(1) 0.7']!(samples, createDice(3));
const all = detector.surrogateCounts.at(-1)!;

function pOf(contrast: number, ...counts: readonly number[]): number {
  const surrogates = new Surrogates(redNoise(observed), tables);
  for (const count of counts) {
    const steps = surrogates.drawUpTo(count);
    while (steps.next().done !== true);
  }
  const contrasts = new Float32Array(tables.comb.periods.length).fill(contrast);
  return surrogates.law().pValues(contrasts, [100])[0]!;
}

describe('analysis/period/surrogates', () => {
  it('calls a low contrast likely and a high one hardly possible', () => {
    expect(pOf(0, all)).toBeGreaterThan(0.9);
    expect(pOf(2, all)).toBeLessThan(1e-4);
  });

  it('gives the same whether they are drawn at once or in parts', () => {
    expect(pOf(0.8, 12, 24, all)).toBe(pOf(0.8, all));
  });

  it('is careful with few of them: a contrast at the edge is not called clear', () => {
    const contrasts = Array.from({ length: 100 }, (_, i) => 0.5 + i / 100);
    const edge = contrasts.find((contrast) => pOf(contrast, all) < 0.01)!;
    expect(pOf(edge, 12)).toBeGreaterThan(1e-6);
    expect(pOf(edge, 12)).toBeLessThan(0.5);
  });
});

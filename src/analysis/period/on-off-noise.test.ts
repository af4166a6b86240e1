import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { sorted } from '../series/statistics.ts';
import { onOffNoise, otsuSplit } from './on-off-noise.ts';

describe('analysis/period/on-off-noise', () => {
  const { uniform } = createDice(8);
  /** 40 on, 60 off. */
  const observed = Float64Array.from({ length: 2000 }, (_, i) =>
    i % 100 < 40 ? 80 + 10 * uniform() : 5 * uniform(),
  );

  it('splits between the two levels', () => {
    expect(otsuSplit(sorted(observed))).toBe(1200);
    expect(otsuSplit(Float64Array.of(1, 1, 1, 9))).toBe(3);
  });

  it('keeps the share of time and the mean run length of both states, and only observed values', () => {
    const source = onOffNoise(observed);
    const out = new Float64Array(2000);
    const known = new Set(observed);
    let high = 0;
    let starts = 0;
    for (let draw = 0; draw < 50; draw++) {
      source(out);
      for (let i = 0; i < out.length; i++) {
        if (!known.has(out[i]!)) throw new Error(`value ${out[i]} was never observed`);
        if (out[i]! < 50) continue;
        high++;
        if (i === 0 || out[i - 1]! < 50) starts++;
      }
    }
    expect(high / (50 * 2000)).toBeGreaterThan(0.36);
    expect(high / (50 * 2000)).toBeLessThan(0.44);
    expect(high / starts).toBeGreaterThan(36);
    expect(high / starts).toBeLessThan(44);
  });

  it('survives a constant series', () => {
    const out = new Float64Array(50);
    onOffNoise(new Float64Array(50).fill(3))(out);
    expect(out.every((value) => value === 3)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { createDice, nullFamilies } from '../../../test/support/synthetic-series.ts';
import { mean, sorted } from '../series/statistics.ts';
import { redNoise } from './red-noise.ts';

function lagOne(values: Float64Array): number {
  const centre = mean(values);
  let product = 0;
  let square = 0;
  for (let i = 1; i < values.length; i++) {
    product += (values[i]! - centre) * (values[i - 1]! - centre);
    square += (values[i]! - centre) ** 2;
  }
  return product / square;
}

describe('analysis/period/red-noise', () => {
  const observed = nullFamilies['AR(1) 0.7']!(800, createDice(3));

  it('keeps every observed value, in another order', () => {
    const out = new Float64Array(800);
    redNoise(observed)(out);
    expect([...sorted(out)]).toEqual([...sorted(observed)]);
    expect([...out]).not.toEqual([...observed]);
  });

  it('keeps the lag-1 correlation', () => {
    const source = redNoise(observed);
    const out = new Float64Array(800);
    let total = 0;
    for (let i = 0; i < 30; i++) {
      source(out);
      total += lagOne(out);
    }
    expect(total / 30).toBeGreaterThan(lagOne(observed) - 0.06);
    expect(total / 30).toBeLessThan(lagOne(observed) + 0.06);
  });

  it('is the same for the same series, and differs from draw to draw', () => {
    const [a, b] = [redNoise(observed), redNoise(observed)];
    const outs = [0, 1, 2].map(() => new Float64Array(800));
    a(outs[0]!);
    b(outs[1]!);
    b(outs[2]!);
    expect(outs[0]).toEqual(outs[1]);
    expect(outs[2]).not.toEqual(outs[1]);
  });

  it('survives a constant series', () => {
    const out = new Float64Array(50);
    redNoise(new Float64Array(50).fill(9))(out);
    expect(out.every((value) => value === 9)).toBe(true);
  });
});

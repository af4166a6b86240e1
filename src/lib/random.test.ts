import { describe, expect, it } from 'vitest';
import { createNormal, createRandom } from './random.ts';

describe('lib/random', () => {
  it('gives the same sequence for the same seed, another for another', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, random);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('is uniform and normal in mean and spread', () => {
    const random = createRandom(1);
    const uniform = Array.from({ length: 20_000 }, random);
    const normal = Array.from({ length: 20_000 }, createNormal(random));
    const mean = (values: number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
  });
});

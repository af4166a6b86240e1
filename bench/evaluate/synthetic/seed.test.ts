import { describe, expect, it } from 'vitest';
import { seedOf } from './seed.ts';

describe('evaluate/synthetic/seed', () => {
  it('is the same for the same parts, another for any other', () => {
    const seeds = new Set<number>();
    for (const seed of [1, 2]) {
      for (const family of ['white noise', 'AR(1) 0.7']) {
        for (let i = 0; i < 1000; i++) seeds.add(seedOf(seed, 'null', family, i));
      }
    }
    expect(seedOf(1, 'null', 'white noise', 3)).toBe(seedOf(1, 'null', 'white noise', 3));
    expect(seeds.size).toBe(4000);
    // Parts are kept apart.
    expect(seedOf(1, 12)).not.toBe(seedOf(11, 2));
  });
});

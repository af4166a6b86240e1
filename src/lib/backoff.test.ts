import { describe, expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';

describe('lib/backoff', () => {
  it('doubles up to the cap, with at least half of the step', () => {
    const lowest = createBackoff({ baseMs: 100, capMs: 1_000, random: () => 0 });
    expect([1, 2, 3, 4, 5, 6].map(() => lowest.nextMs())).toEqual([50, 100, 200, 400, 500, 500]);
    const highest = createBackoff({ baseMs: 100, capMs: 1_000, random: () => 0.999999 });
    expect(highest.nextMs()).toBeCloseTo(100, 1);
  });

  it('starts again after a reset', () => {
    const backoff = createBackoff({ baseMs: 100, capMs: 1_000, random: () => 0 });
    backoff.nextMs();
    backoff.nextMs();
    backoff.reset();
    expect(backoff.nextMs()).toBe(50);
  });
});

import { describe, expect, it } from 'vitest';
import { tablesFor } from './tables.ts';

describe('analysis/period/tables', () => {
  it('makes the tables of a length once', () => {
    const { autocorrelation, comb } = tablesFor(120);
    expect(autocorrelation.length).toBe(120);
    expect(comb.periods.at(-1)).toBeLessThanOrEqual(40);
    expect(tablesFor(120)).toBe(tablesFor(120));
    expect(tablesFor(121)).not.toBe(tablesFor(120));
  });

  it('forgets the length that was not asked for the longest', () => {
    const old = tablesFor(100);
    const used = tablesFor(101);
    for (let length = 200; length < 215; length++) {
      tablesFor(length);
      tablesFor(101);
    }
    expect(tablesFor(101)).toBe(used);
    expect(tablesFor(100)).not.toBe(old);
  });
});

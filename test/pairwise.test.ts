import { describe, expect, it } from 'vitest';
import { pairOf, pairsOf, pairwise } from './support/chart/pairwise.ts';

const factors = {
  shape: ['round', 'square', 'flat'],
  colour: ['red', 'blue'],
  size: ['s', 'm', 'l', 'xl'],
  kind: ['a', 'b'],
};

describe('pairwise', () => {
  const rows = pairwise(factors);

  it('gives every factor one of its levels, in every row', () => {
    for (const row of rows) {
      expect(Object.keys(row).toSorted()).toEqual(Object.keys(factors).toSorted());
      for (const [name, levels] of Object.entries(factors)) expect(levels).toContain(row[name]);
    }
  });

  it('has every two levels of two factors together', () => {
    const seen = new Set(rows.flatMap(pairsOf));
    for (const [a, levels] of Object.entries(factors)) {
      for (const [b, others] of Object.entries(factors)) {
        if (a === b) continue;
        for (const x of levels) {
          for (const y of others) expect(seen).toContain(pairOf(a, x, b, y));
        }
      }
    }
  });

  it('needs few rows: the two largest factors make 12 pairs, all combinations are 48', () => {
    expect(rows.length).toBeGreaterThanOrEqual(12);
    expect(rows.length).toBeLessThanOrEqual(16);
  });
});

import { describe, expect, it } from 'vitest';
import { createDice, evenly, nullFamilies } from '../../test/support/synthetic-series.ts';
import { analyse } from './analyse.ts';

/** `npm run evaluate -- --synthetic` runs many more; this many notice a broken null within seconds. */
const seriesPerCell = 30;
const configurations = [
  [1200, 0.1],
  [120, 1],
  [600, 1],
  [120, 5],
  [40, 15],
] as const;

function cyclicIn(family: string): number {
  let count = 0;
  for (const [n, stepSeconds] of configurations) {
    for (let i = 0; i < seriesPerCell; i++) {
      const values = nullFamilies[family]!(n, createDice(5003 * n + 17 * i + family.length));
      const util = evenly(values, stepSeconds);
      if (analyse({ channels: { util }, sampling: 'native' }).pattern === 'cyclic') count++;
    }
  }
  return count;
}

describe('analysis/false-positives', () => {
  it('calls at most 1 % of all series without a period cyclic, and at most 5 % of any family', () => {
    const families = Object.keys(nullFamilies);
    const perFamily = seriesPerCell * configurations.length;
    const counts = Object.fromEntries(families.map((family) => [family, cyclicIn(family)]));
    const tooMany = Object.entries(counts).filter(([, count]) => count > 0.05 * perFamily);
    expect(tooMany).toEqual([]);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(total / (perFamily * families.length)).toBeLessThanOrEqual(0.01);
  }, 60_000);
});

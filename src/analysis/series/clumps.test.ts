import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { analyse } from '../analyse.ts';
import type { UsageSeries } from '../verdict.ts';
import { mergeClumps } from './clumps.ts';

function at(times: readonly number[], value: (i: number) => number): UsageSeries {
  const timesSeconds = Float64Array.from(times);
  return { timesSeconds, values: timesSeconds.map((_, i) => value(i)) };
}

const { uniform } = createDice(8);
/** Two GPUs in one log, one busy and one not, without a name: no two stamps are equal. */
const pairs = Array.from({ length: 1200 }, (_, i) =>
  i % 2 === 0 ? i / 2 : (i - 1) / 2 + 0.001 + 0.005 * uniform(),
);

describe('analysis/series/clumps', () => {
  it('makes one sample of each clump', () => {
    const { timesSeconds, values } = mergeClumps(at(pairs, (i) => (i % 2 === 0 ? 96 : 0)));
    expect(timesSeconds.slice(0, 3)).toEqual(Float64Array.of(0, 1, 2));
    expect(new Set(values)).toEqual(new Set([48]));
  });

  it('finds no cycle in two GPUs that take turns in a log', () => {
    for (const samples of [120, 1200]) {
      const util = at(pairs.slice(0, samples), (i) => (i % 2 === 0 ? 96 : 0));
      expect(analyse({ channels: { util }, sampling: 'native' })).toMatchObject({
        pattern: 'steady',
        cycle: null,
      });
    }
  });

  it.each([
    ['even samples', Array.from({ length: 400 }, (_, i) => i / 10)],
    ['fast samples', Array.from({ length: 400 }, (_, i) => i / 100)],
    ['random intervals', Array.from({ length: 400 }, (_, i) => i / 5 + 0.1 * uniform())],
    ['pauses', Array.from({ length: 400 }, (_, i) => i + 30 * Math.floor(i / 10))],
    ['nothing', []],
    ['one sample', [3]],
  ])('leaves %s as they are', (_, times) => {
    const series = at(times, () => 5);
    expect(mergeClumps(series)).toBe(series);
  });
});

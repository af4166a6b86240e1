import { describe, expect, it } from 'vitest';
import type { GridSeries } from '../series/grid.ts';
import { restAtEnd } from './rest.ts';

/** Half-second steps; each entry: samples of work, samples of rest. */
function load(...stretches: readonly (readonly [work: number, rest: number])[]): GridSeries {
  const values = stretches.flatMap(([work, rest]) => [
    ...Array.from({ length: work }, () => 80),
    ...Array.from({ length: rest }, () => 1),
  ]);
  const covered = new Uint8Array(values.length).fill(1);
  return { startSeconds: 0, stepSeconds: 0.5, values: Float64Array.from(values), covered };
}

describe('analysis/pattern/rest', () => {
  it('tells how long it rests, and how long it ever did between work', () => {
    expect(restAtEnd(load([0, 90], [10, 8], [10, 4], [10, 20]), 2)).toEqual({
      seconds: 10,
      samples: 20,
      longestBeforeSeconds: 4,
    });
  });

  it('tells of no rest while it works, and where the end is a hole', () => {
    expect(restAtEnd(load([10, 8], [3, 0]), 2)).toBeNull();
    const holed = load([10, 30]);
    holed.covered.fill(0, 12, 39);
    expect(restAtEnd(holed, 2)).toBeNull();
  });
});

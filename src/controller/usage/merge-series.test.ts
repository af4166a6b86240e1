import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { SeriesRing } from '../../prometheus/series-ring.ts';
import { medianSpacingMs, mergeSeries, type Candidate } from './merge-series.ts';

function candidate(key: string, samples: readonly (readonly [number, number])[]): Candidate {
  const ring = new SeriesRing();
  for (const [seconds, value] of samples) ring.add(seconds * 1_000, value);
  return { key, ring };
}

function every15(from: number, until: number, value: number, offset = 0): [number, number][] {
  const samples: [number, number][] = [];
  for (let at = from; at < until; at += 15) samples.push([at + offset, value]);
  return samples;
}

const merge = (candidates: readonly Candidate[]) => mergeSeries(candidates, 0, 1_000_000);

describe('controller/usage/merge-series', () => {
  it('joins the pieces that changing pod labels leave', () => {
    const merged = merge([
      candidate('pod-b', every15(150, 300, 2)),
      candidate('pod-a', [...every15(15, 150, 1), ...every15(450, 600, 1)]),
      candidate('none', every15(300, 450, 0)),
    ]);
    expect(merged?.timesMs.length).toBe(39);
    expect(medianSpacingMs(merged?.timesMs ?? new Float64Array())).toBe(15_000);
    expect([...new Set(merged?.values)]).toEqual([1, 2, 0]);
    expect(merged?.ambiguous).toBe(false);
  });

  it('chooses the fullest of two at once, fills only its gaps, and says so', () => {
    const merged = merge([
      candidate('replica-b', every15(15, 600, 9, 7.5)),
      candidate('replica-a', [...every15(15, 300, 1), ...every15(405, 600, 1)]),
    ]);
    expect(merged?.ambiguous).toBe(true);
    expect(merged?.timesMs.length).toBe(39);
    expect(new Set(merged?.values)).toEqual(new Set([9]));
  });

  it('is the same for 100 shuffles', () => {
    const random = createRandom(3);
    const all = [
      candidate('a', every15(15, 300, 1)),
      candidate('b', every15(15, 300, 2)),
      candidate('c', every15(15, 315, 3, 7)),
      candidate('d', every15(200, 800, 4, 1)),
      candidate('e', []),
    ];
    const first = merge(all);
    for (let round = 0; round < 100; round += 1) {
      const shuffled = all
        .map((one) => ({ one, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      expect(merge(shuffled)).toEqual(first);
    }
  });

  it('gives null when nothing lies in the window', () => {
    expect(mergeSeries([candidate('a', [[5, 1]])], 10_000, 20_000)).toBeNull();
  });
});

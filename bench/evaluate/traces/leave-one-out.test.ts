import { describe, expect, it } from 'vitest';
import { count, emptyScores } from '../rows/scores.ts';
import { choose, gridName, leaveOneOut, readGrid, type BySource } from './leave-one-out.ts';

/** Source → accuracy of its one trace with each combination. */
function bySource(accuracies: Readonly<Record<string, readonly number[]>>): BySource {
  const scores = emptyScores();
  for (const [source, shares] of Object.entries(accuracies)) {
    for (const [index, share] of shares.entries())
      count(scores, gridName(index, '2min', source), share);
  }
  return readGrid(scores);
}

describe('evaluate/traces/leave-one-out', () => {
  it('chooses what is best on all sources, and names them whole', () => {
    const all = bySource({ 'me/a': [0.5, 0.9], 'you/b': [0.6, 0.7] });
    expect([...all.keys()]).toEqual(['me/a', 'you/b']);
    expect(choose(all)).toBe(1);
  });

  it('keeps nothing that helps one source only, however much', () => {
    expect(choose(bySource({ a: [0.1, 1], b: [0.8, 0.8], c: [0.9, 0.9] }))).toBe(0);
  });

  it('scores each source with what was chosen on the others', () => {
    // Without a, b or c there is one source that the second helps, and it loses the other.
    const all = bySource({ a: [0.2, 0.6], b: [0.2, 0.6], c: [0.9, 0.7] });
    expect(choose(all)).toBe(1);
    expect(choose(all, 'c')).toBe(1);
    expect(choose(all, 'a')).toBe(0);
    const score = leaveOneOut(all, '2min');
    expect(score?.sum).toBeCloseTo(0.2 + 0.2 + 0.7, 9);
    expect(score?.total).toBe(3);
  });

  it('has nothing to say without traces', () => {
    expect(leaveOneOut(bySource({}), '2min')).toBeUndefined();
  });
});

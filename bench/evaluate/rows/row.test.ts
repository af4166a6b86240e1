import { describe, expect, it } from 'vitest';
import { atLeast, atMost, meanRow, medianRow, rateRow, valueRow } from './row.ts';
import { count, emptyScores, keep, mergeScores, pooled } from './scores.ts';

describe('evaluate/rows/row', () => {
  it('gives a rate with its interval, the baseline and whether it meets its target', () => {
    const row = rateRow('found', { sum: 3, total: 4, alnair: 1 }, atLeast(0.75));

    expect(row).toMatchObject({
      value: 0.75,
      alnair: 0.25,
      numerator: 3,
      denominator: 4,
      ok: true,
    });
    expect(row.low).toBeCloseTo(0.3006, 4);
    expect(row.high).toBeCloseTo(0.9544, 4);
    expect(rateRow('found', { sum: 3, total: 4, alnair: 1 }, atLeast(0.76)).ok).toBe(false);
    expect(rateRow('false', { sum: 1, total: 4, alnair: 1 }, atMost(0.2)).ok).toBe(false);
    expect(rateRow('false', { sum: 0, total: 4, alnair: 1 }, atMost(0)).ok).toBe(true);
  });

  it('does not fail a limit by a rounding', () => {
    const scores = emptyScores();
    for (let i = 0; i < 10; i++) count(scores, 'a', 0.88);

    expect(rateRow('a', scores.counts['a'], atLeast(0.88)).ok).toBe(true);
  });

  it('says nothing where there is nothing: neither zero nor missed', () => {
    expect(rateRow('found', undefined, atLeast(0.9))).toEqual({
      name: 'found',
      value: null,
      alnair: null,
      numerator: 0,
      denominator: 0,
      low: null,
      high: null,
      target: 0.9,
      ok: null,
    });
    expect(medianRow('error', null).value).toBeNull();
  });

  it('leaves the baseline out where it has no such answer', () => {
    const scores = emptyScores();
    count(scores, 'class', true);

    expect(meanRow('class', scores.counts['class']).alnair).toBeNull();
    expect(valueRow('ms', 4, { numerator: 4, denominator: 8 }, atMost(5)).ok).toBe(true);
  });

  it('takes the middle of the figures that were kept', () => {
    const scores = emptyScores();
    for (const value of [9, 1, 2]) keep(scores, 'error', value);

    expect(medianRow('error', scores.counts['error'])).toMatchObject({ value: 2, denominator: 3 });
  });
});

describe('evaluate/rows/scores', () => {
  it('adds up parts, in any order to the same', () => {
    const part = (hits: readonly boolean[]) => {
      const scores = emptyScores();
      for (const hit of hits) count(scores, 'null/white/120', hit, !hit);
      keep(scores, 'error', hits.length);
      return scores;
    };
    const [one, two] = [part([true, false]), part([true, true, true])];
    const forward = emptyScores();
    const backward = emptyScores();
    for (const scores of [one, two]) mergeScores(forward, scores);
    for (const scores of [two, one]) mergeScores(backward, scores);

    expect(forward.counts['null/white/120']).toEqual({ sum: 4, total: 5, alnair: 1 });
    expect(medianRow('e', forward.counts['error'])).toEqual(
      medianRow('e', backward.counts['error']),
    );
    // What was merged stays as it was.
    expect(one.counts['null/white/120']!.total).toBe(2);
    expect(one.counts['error']!.values).toEqual([2]);
  });

  it('pools what begins alike', () => {
    const scores = emptyScores();
    count(scores, 'null/white/120', true, false);
    count(scores, 'null/ramp/600', false, false);
    count(scores, 'nullify', true, true);

    expect(pooled(scores, 'null/')).toEqual({ sum: 1, total: 2, alnair: 0 });
    expect(pooled(scores, 'other')).toBeNull();
  });
});

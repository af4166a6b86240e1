import { describe, expect, it } from 'vitest';
import { mergeScores, emptyScores } from '../rows/scores.ts';
import { classFamilies } from './class-loads.ts';
import { classJobs, classRates } from './class-rates.ts';

describe('evaluate/synthetic/class-loads', () => {
  it('is one and the same for one seed, and asks each load twice', () => {
    const family = 'bursts and pauses';
    const one = classRates({ kind: 'class', seed: 1, family, runs: 2 });
    expect(classRates({ kind: 'class', seed: 1, family, runs: 2 })).toEqual(one);
    const { all, power } = {
      all: one.counts[`class-load/all/${family}`],
      power: one.counts[`class-load/power/${family}`],
    };
    expect(all?.total).toBe(power?.total);
  });

  it('finds nearly all classes right with utilisation, and most with power alone', () => {
    const scores = emptyScores();
    for (const job of classJobs(5, 4)) mergeScores(scores, classRates(job));
    for (const [view, least] of Object.entries({ all: 0.9, power: 0.75 })) {
      const own = Object.keys(classFamilies).map(
        (family) => scores.counts[`class-load/${view}/${family}`]!,
      );
      const right = own.reduce((sum, score) => sum + score.sum, 0);
      const total = own.reduce((sum, score) => sum + score.total, 0);
      expect(right / total).toBeGreaterThan(least);
    }
  });
});

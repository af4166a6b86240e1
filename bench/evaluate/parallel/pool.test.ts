import { describe, expect, it } from 'vitest';
import { cycleJobs } from '../synthetic/cycle-rates.ts';
import { syntheticJobs } from '../synthetic/jobs.ts';
import { syntheticRows } from '../synthetic/rows.ts';
import { runJobs } from './pool.ts';

describe('evaluate/parallel/pool', () => {
  it('counts the same with any number of workers, and another seed otherwise', async () => {
    // Every sixtieth job: all kinds, few series.
    const jobs = (seed: number) =>
      syntheticJobs(seed, { nulls: 2, runs: 1, aliases: 2 }).filter((_, i) => i % 60 === 0);
    const [one, two, other] = await Promise.all([
      runJobs(jobs(1), { workers: 1 }),
      runJobs(jobs(1), { workers: 2 }),
      runJobs(jobs(2), { workers: 2 }),
    ]);

    expect(two).toEqual(one);
    expect(syntheticRows(two)).toEqual(syntheticRows(one));
    expect(other).not.toEqual(one);
  });

  it('tells how far it is, and passes on what a job throws', async () => {
    const jobs = cycleJobs(1, 1).slice(0, 3);
    const seen: number[] = [];
    await runJobs(jobs, { workers: 2, onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([1, 2, 3]);

    const broken = [{ ...jobs[0]!, configuration: 99 }];
    await expect(runJobs(broken, { workers: 1 })).rejects.toThrow('undefined');
  });
});

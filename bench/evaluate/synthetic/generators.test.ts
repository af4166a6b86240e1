import { describe, expect, it } from 'vitest';
import { deviation, maximum, mean, minimum } from '../../../src/analysis/series/statistics.ts';
import {
  createDice,
  greyFamilies,
  nullFamilies,
  periodicSeries,
  shapes,
} from '../../../test/support/synthetic-series.ts';
import { aliasSamplings } from './alias-rates.ts';
import { aliasSeries, type AliasSampling } from './alias-series.ts';
import { nullConfigurations } from './configurations.ts';
import { cycleJobs } from './cycle-rates.ts';
import { fullEffort, syntheticJobs } from './jobs.ts';

describe('evaluate/synthetic series', () => {
  it('has 13 families without a period and two grey ones', () => {
    expect(Object.keys(nullFamilies)).toHaveLength(13);
    expect(Object.keys(greyFamilies)).toHaveLength(2);
    expect(Object.keys(shapes)).toHaveLength(6);
  });

  it.each(Object.entries({ ...nullFamilies, ...greyFamilies }))(
    '%s: whole percents, moving, another for another seed',
    (_name, family) => {
      const values = family(600, createDice(1));

      expect(values).toHaveLength(600);
      expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= 100)).toBe(
        true,
      );
      expect(deviation(values)).toBeGreaterThan(0);
      expect(family(600, createDice(1))).toEqual(values);
      expect(family(600, createDice(2))).not.toEqual(values);
    },
  );

  it.each(Object.keys(shapes))('%s repeats itself after its period, on average', (shape) => {
    const options = { shape, samples: 1200, stepSeconds: 1, periodSeconds: 40 };
    const { values } = periodicSeries(options, createDice(5));
    const folded = Array.from({ length: 40 }, (_, phase) =>
      mean(values.filter((_value, i) => i % 40 === phase)),
    );
    // The phase explains most of what is not noise.
    expect(deviation(Float64Array.from(folded))).toBeGreaterThan(0.5 * deviation(values));
  });

  it('leaves out and moves samples as asked', () => {
    const base = { shape: 'sawtooth', samples: 1000, stepSeconds: 1, periodSeconds: 30 } as const;
    const missing = periodicSeries({ ...base, missing: 0.3 }, createDice(1));
    const gap = periodicSeries({ ...base, gap: 0.15 }, createDice(1));
    const irregular = periodicSeries({ ...base, irregular: 0.3 }, createDice(1));
    const gaps = (times: Float64Array) => times.slice(1).map((time, i) => time - times[i]!);

    expect(missing.values.length).toBeGreaterThan(650);
    expect(missing.values.length).toBeLessThan(750);
    expect(maximum(gaps(gap.timesSeconds))).toBeCloseTo(151, 0);
    expect(minimum(gaps(irregular.timesSeconds))).toBeLessThan(0.75);
  });
});

describe('evaluate/synthetic alias series', () => {
  const sampling: AliasSampling = { ...aliasSamplings[0]!, samples: 500, averagingSeconds: 0 };

  it('reads high or low where the counter is of the moment', () => {
    const { values } = aliasSeries(sampling, 0.37, createDice(1));

    expect(values.every((value) => Math.abs(Math.abs(value - 50) - 45) < 6)).toBe(true);
    expect(mean(values)).toBeCloseTo(50, -1);
  });

  it('reads the mean where the counter averages whole periods', () => {
    const { values } = aliasSeries({ ...sampling, averagingSeconds: 1 }, 0.25, createDice(1));

    expect(deviation(values)).toBeLessThan(1.5);
    expect(mean(values)).toBeCloseTo(50, 0);
  });

  it('keeps the mean interval and the spread around it', () => {
    const { timesSeconds } = aliasSeries({ ...sampling, spread: 0.5 }, 0.3, createDice(1));
    const gaps = timesSeconds.slice(1).map((time, i) => time - timesSeconds[i]!);

    expect(mean(gaps)).toBeCloseTo(1, 1);
    expect(minimum(gaps)).toBeGreaterThanOrEqual(0.5);
    expect(maximum(gaps)).toBeLessThanOrEqual(1.5);
  });
});

describe('evaluate/synthetic/jobs', () => {
  it('covers all families, samplings, shapes and conditions', () => {
    const jobs = syntheticJobs(1, fullEffort);
    const nulls = jobs.filter((job) => job.kind === 'null');

    expect(new Set(nulls.map(({ family }) => family)).size).toBe(15);
    expect(nulls.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(
      15 * nullConfigurations.length * fullEffort.nulls,
    );
    // At least 1,000 series of each family.
    expect(nullConfigurations.length * fullEffort.nulls).toBeGreaterThanOrEqual(1000);
    // 6 shapes x 8 conditions x (5 samplings x 3 numbers of cycles, 40 samples for two of them, 24 for one).
    expect(cycleJobs(1, 20)).toHaveLength(6 * 8 * (4 * 3 + 2 + 1));
  });
});

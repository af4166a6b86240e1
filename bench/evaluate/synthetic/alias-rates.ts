import { analyse } from '../../../src/analysis/analyse.ts';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { alnairRule } from '../alnair-rule.ts';
import { count, emptyScores, type Scores } from '../rows/scores.ts';
import { aliasSeries, type AliasSampling } from './alias-series.ts';
import { seedOf } from './seed.ts';

export interface AliasJob {
  readonly kind: 'alias';
  readonly seed: number;
  readonly sampling: number;
  readonly from: number;
  readonly to: number;
}

const instant = { spread: 0, averagingSeconds: 0, stepJitter: 0 } as const;
/** Point samples of a gauge by a scraper; the counter behind it averages over 1/6 s. */
const scraped = { ...instant, sampling: 'scraped', averagingSeconds: 1 / 6 } as const;
const everySecond = { ...scraped, intervalSeconds: 1, samples: 300 } as const;
/** Our own sampling, at random intervals. */
const randomised = {
  ...instant,
  sampling: 'native',
  spread: 0.5,
  intervalSeconds: 1,
  samples: 300,
} as const;
/** The driver's ring: each value is the mean over its even step. */
const ring = {
  ...instant,
  sampling: 'native',
  intervalSeconds: 1 / 6,
  averagingSeconds: 1 / 6,
  samples: 720,
} as const;

export const aliasSamplings: readonly AliasSampling[] = [
  { name: '1 s', ...everySecond },
  { name: '1 s, counter of 1 s', ...everySecond, averagingSeconds: 1 },
  { name: '1 s +-20 %', ...everySecond, spread: 0.2 },
  { name: '1 s +-20 %, steps jitter 3 %', ...everySecond, spread: 0.2, stepJitter: 0.03 },
  { name: '15 s, 1 h', ...scraped, intervalSeconds: 15, samples: 240 },
  { name: '30 s, 1 h', ...scraped, intervalSeconds: 30, samples: 120 },
  { name: '1 s random +-50 %', ...randomised },
  { name: '1 s random +-50 %, steps jitter 3 %', ...randomised, stepJitter: 0.03 },
  {
    name: '1 s random +-50 %, steps jitter 3 %, counter of 1 s',
    ...randomised,
    stepJitter: 0.03,
    averagingSeconds: 1,
  },
  {
    name: '0.2 s random +-50 %, counter of 1/6 s',
    ...randomised,
    intervalSeconds: 0.2,
    samples: 600,
    averagingSeconds: 1 / 6,
  },
  { name: 'ring of 1/6 s', ...ring },
  { name: 'ring of 1/6 s, steps jitter 3 %', ...ring, stepJitter: 0.03 },
];

/** Shortest and longest period, in sampling intervals: all too fast for the sampling. */
const periods = [0.1, 1.9] as const;
const tolerance = 0.05;

/** Cycles too fast for their sampling: how often a period is published that is not theirs. The pattern may be said, and the true period too. */
export function aliasRates(job: AliasJob): Scores {
  const scores = emptyScores();
  const sampling = aliasSamplings[job.sampling]!;
  for (let i = job.from; i < job.to; i++) {
    const dice = createDice(seedOf(job.seed, 'alias', job.sampling, i));
    const [least, most] = periods;
    const periodSeconds = sampling.intervalSeconds * (least + (most - least) * dice.uniform());
    const util = aliasSeries(sampling, periodSeconds, dice);
    const { cycle } = analyse({ channels: { util }, sampling: sampling.sampling });
    const alnair = alnairRule(util);
    const isTrue = (found: number): boolean => Math.abs(found / periodSeconds - 1) <= tolerance;
    const published = cycle !== null && cycle.publishable;
    count(
      scores,
      `alias/${sampling.name}/wrong`,
      published && !isTrue(cycle.periodSeconds),
      alnair.cyclic && !isTrue(alnair.periodSeconds),
    );
    count(scores, `alias/${sampling.name}/called`, cycle !== null, alnair.cyclic);
    const group = sampling.sampling === 'native' && sampling.spread > 0 ? 'randomised' : 'even';
    count(
      scores,
      `alias-true/${group}`,
      published && isTrue(cycle.periodSeconds),
      isTrue(alnair.periodSeconds),
    );
  }
  return scores;
}

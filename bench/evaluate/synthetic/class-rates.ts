import { analyse } from '../../../src/analysis/analyse.ts';
import type { GpuUsage, UsageSeries } from '../../../src/analysis/verdict.ts';
import { createDice, type Dice } from '../../../test/support/synthetic-series.ts';
import { count, emptyScores, type Scores } from '../rows/scores.ts';
import { classFamilies, type ClassLoad } from './class-loads.ts';
import { nameOf, nullConfigurations, type Configuration } from './configurations.ts';
import { seedOf } from './seed.ts';

export interface ClassJob {
  readonly kind: 'class';
  readonly seed: number;
  readonly family: string;
  readonly runs: number;
}

/** As nulls are sampled, where the class is decided on all of it, and once a minute for an hour. */
const configurations: readonly Configuration[] = [
  ...nullConfigurations.filter(({ samples }) => samples !== 600),
  { samples: 60, stepSeconds: 60 },
];

/** How often loads of one family get a class that is right for them, with all channels and with power (and memory) alone. */
export function classRates({ seed, family, runs }: ClassJob): Scores {
  const scores = emptyScores();
  const { right, make } = classFamilies[family]!;
  for (const [index, configuration] of configurations.entries()) {
    for (let i = 0; i < runs; i++) {
      const dice = createDice(seedOf(seed, 'class', family, index, i));
      const usage = usageOf(make(configuration, dice), configuration, dice);
      const { util, ...rest } = usage.channels;
      for (const [view, channels] of Object.entries({ all: { util, ...rest }, power: rest })) {
        const { pattern } = analyse({ ...usage, channels: channels as GpuUsage['channels'] });
        const isRight = right.includes(pattern);
        count(scores, `class-load/${view}/${family}`, isRight);
        if (isRight) continue;
        scores.misses.push({
          row: `class_load_right_${view}[${family}]`,
          text: `${nameOf(configuration)}, series ${i}: ${pattern}`,
        });
      }
    }
  }
  return scores;
}

export function classJobs(seed: number, runs: number): ClassJob[] {
  return Object.keys(classFamilies).map((family) => ({ kind: 'class', seed, family, runs }));
}

/** Readings of a board of 70 to 700 W that idles at 8 to 20 % of it; utilisation in steps of 1, sometimes 5 points, power in watts or hundredths. */
function usageOf(load: ClassLoad, { samples, stepSeconds }: Configuration, dice: Dice): GpuUsage {
  const { uniform, normal } = dice;
  const quantum = uniform() < 0.25 ? 5 : 1;
  const limitWatts = 70 * 10 ** uniform();
  const idleWatts = limitWatts * (0.08 + 0.12 * uniform());
  const fullWatts = limitWatts * (0.6 + 0.35 * uniform());
  const watts = uniform() < 0.5 ? 1 : 0.01;
  const timesSeconds = Float64Array.from({ length: samples }, (_, i) => i * stepSeconds);
  const of = (value: (i: number) => number): UsageSeries => ({
    timesSeconds,
    values: timesSeconds.map((_, i) => value(i)),
  });
  const util = load.util.map((value) => Math.min(100, Math.max(0, value)));
  const power = (i: number): number =>
    (idleWatts + ((fullWatts - idleWatts) * util[i]!) / 100) * (1 + 0.01 * normal());
  return {
    channels: {
      util: of((i) => Math.min(100, quantum * Math.round(util[i]! / quantum))),
      memUsed: of(() => load.memUsedMiB),
      power: of((i) => watts * Math.round(power(i) / watts)),
    },
    // Most loggers do not tell it.
    powerLimitWatts: uniform() < 0.3 ? limitWatts : undefined,
    sampling: 'native',
  };
}

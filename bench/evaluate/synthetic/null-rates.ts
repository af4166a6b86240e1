import { analyse } from '../../../src/analysis/analyse.ts';
import {
  createDice,
  evenly,
  greyFamilies,
  nullFamilies,
} from '../../../test/support/synthetic-series.ts';
import { alnairRule } from '../alnair-rule.ts';
import { count, emptyScores, type Scores } from '../rows/scores.ts';
import { nameOf, nullConfigurations } from './configurations.ts';
import { seedOf } from './seed.ts';

export interface NullJob {
  readonly kind: 'null';
  readonly seed: number;
  readonly family: string;
  readonly configuration: number;
  readonly from: number;
  readonly to: number;
}

const families = { ...nullFamilies, ...greyFamilies };

/** Series of one family without a period under one sampling: counted is how often they are called cyclic (tentatively or firmly; `firm` alone beside it). */
export function nullRates(job: NullJob): Scores {
  const scores = emptyScores();
  const { samples, stepSeconds } = nullConfigurations[job.configuration]!;
  const cell = `${job.family in greyFamilies ? 'grey' : 'null'}/${job.family}/${nameOf(nullConfigurations[job.configuration]!)}`;
  for (let i = job.from; i < job.to; i++) {
    const dice = createDice(seedOf(job.seed, 'null', job.family, job.configuration, i));
    const util = evenly(families[job.family]!(samples, dice), stepSeconds);
    const verdict = analyse({ channels: { util }, sampling: 'native' });
    const cyclic = verdict.pattern === 'cyclic';
    count(scores, `called/${cell}`, cyclic, alnairRule(util).cyclic);
    count(scores, `firm/${cell}`, cyclic && !verdict.tentative);
  }
  return scores;
}

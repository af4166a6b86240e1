import { greyFamilies, nullFamilies } from '../../../test/support/synthetic-series.ts';
import { aliasSamplings, type AliasJob } from './alias-rates.ts';
import { classJobs, type ClassJob } from './class-rates.ts';
import { nullConfigurations } from './configurations.ts';
import { cycleJobs, type CycleJob } from './cycle-rates.ts';
import type { NullJob } from './null-rates.ts';

export interface Effort {
  /** Null series per family and configuration. */
  readonly nulls: number;
  /** Series per shape, condition, configuration and number of cycles. */
  readonly runs: number;
  /** Series per way of sampling what is too fast for it. */
  readonly aliases: number;
}

export const fullEffort: Effort = { nulls: 200, runs: 20, aliases: 200 };

type Synthetic = NullJob | CycleJob | AliasJob | ClassJob;

/** Series per piece of work: short enough that two cores end together. */
const chunk = 50;

function* chunks(total: number): Generator<{ readonly from: number; readonly to: number }> {
  for (let from = 0; from < total; from += chunk) yield { from, to: Math.min(total, from + chunk) };
}

/** All pieces of the synthetic evaluation. */
export function syntheticJobs(seed: number, effort: Effort): Synthetic[] {
  const jobs: Synthetic[] = [];
  for (const family of Object.keys({ ...nullFamilies, ...greyFamilies })) {
    for (const configuration of nullConfigurations.keys()) {
      for (const part of chunks(effort.nulls)) {
        jobs.push({ kind: 'null', seed, family, configuration, ...part });
      }
    }
  }
  jobs.push(...cycleJobs(seed, effort.runs), ...classJobs(seed, effort.runs));
  for (const sampling of aliasSamplings.keys()) {
    for (const part of chunks(effort.aliases))
      jobs.push({ kind: 'alias', seed, sampling, ...part });
  }
  return jobs;
}

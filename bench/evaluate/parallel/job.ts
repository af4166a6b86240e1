import type { Scores } from '../rows/scores.ts';
import { aliasRates, type AliasJob } from '../synthetic/alias-rates.ts';
import { classRates, type ClassJob } from '../synthetic/class-rates.ts';
import { cycleRates, type CycleJob } from '../synthetic/cycle-rates.ts';
import { nullRates, type NullJob } from '../synthetic/null-rates.ts';
import { scoreTraceFile, type TraceJob } from '../traces/score-trace.ts';

/** A piece of work that a worker can be sent. Its result depends on nothing else. */
export type Job = NullJob | CycleJob | AliasJob | ClassJob | TraceJob;

export function runJob(job: Job): Scores {
  switch (job.kind) {
    case 'null':
      return nullRates(job);
    case 'cycle':
      return cycleRates(job);
    case 'alias':
      return aliasRates(job);
    case 'class':
      return classRates(job);
    default:
      return scoreTraceFile(job);
  }
}

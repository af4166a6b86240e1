import { controllerCostRows } from './cost/controller-cost.ts';
import { fleetCostRows } from './cost/fleet-cost.ts';
import { syntheticPool, tracePool } from './cost/fleet-pools.ts';
import { nodeCostRows } from './cost/node-cost.ts';
import { runJobs, type PoolOptions } from './parallel/pool.ts';
import type { Row } from './rows/row.ts';
import type { Scores } from './rows/scores.ts';
import { fullEffort, syntheticJobs } from './synthetic/jobs.ts';
import { syntheticRows } from './synthetic/rows.ts';
import { readFolder } from './traces/folder.ts';
import { traceRows } from './traces/rows.ts';

export interface Evaluation {
  readonly rows: readonly Row[];
  readonly scores: Scores;
}

export interface EvaluateOptions extends PoolOptions {
  readonly cost: boolean;
}

/** The table of the recorded traces in a folder. @throws {Error} when there are none, for people */
export async function evaluateFolder(
  folder: string,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const labels = readFolder(folder);
  const jobs = labels.map((label) => ({ kind: 'trace', folder, label }) as const);
  const scores = await runJobs(jobs, options);
  const cost = options.cost ? fleetCostRows(tracePool(folder, labels)) : [];
  return { rows: [...traceRows(scores), ...cost], scores };
}

/** The table of the synthetic series of one seed. `effort`: share of the full number of them. */
export async function evaluateSynthetic(
  seed: number,
  effort: number,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const share = (full: number): number => Math.max(1, Math.round(full * effort));
  const { nulls, runs, aliases } = fullEffort;
  const jobs = syntheticJobs(seed, {
    nulls: share(nulls),
    runs: share(runs),
    aliases: share(aliases),
  });
  const scores = await runJobs(jobs, options);
  const cost = options.cost ? await costRows(seed) : [];
  return { rows: [...syntheticRows(scores), ...cost], scores };
}

async function costRows(seed: number): Promise<Row[]> {
  const pool = syntheticPool(seed);
  return [...nodeCostRows(seed), ...fleetCostRows(pool), ...(await controllerCostRows(pool))];
}

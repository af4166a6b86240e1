import { analyse } from '../../../src/analysis/analyse.ts';
import {
  conditions,
  createDice,
  periodicSeries,
  shapes,
} from '../../../test/support/synthetic-series.ts';
import { alnairRule } from '../alnair-rule.ts';
import { count, emptyScores, keep, type Scores } from '../rows/scores.ts';
import { cycleConfigurations, nameOf, type Configuration } from './configurations.ts';
import { seedOf } from './seed.ts';

export interface CycleJob {
  readonly kind: 'cycle';
  readonly seed: number;
  readonly condition: string;
  readonly shape: string;
  readonly configuration: number;
  readonly cycles: number;
  readonly runs: number;
}

export const cyclesInWindow: readonly number[] = [4.5, 8, 16];
/** A period is right within this share of it. */
const tolerance = 0.05;
/** Fewer samples than this in a period show no cycle to anybody. */
const leastSamples = 4;

/** Samplings with numbers of cycles whose period has four samples. */
const resolvable = [...cycleConfigurations.entries()].flatMap(([configuration, { samples }]) =>
  cyclesInWindow
    .filter((cycles) => samples / cycles >= leastSamples)
    .map((cycles) => ({ configuration, cycles })),
);

export function cycleJobs(seed: number, runs: number): CycleJob[] {
  return Object.keys(conditions).flatMap((condition) =>
    Object.keys(shapes).flatMap((shape) =>
      resolvable.map((cell) => ({ kind: 'cycle', seed, condition, shape, ...cell, runs }) as const),
    ),
  );
}

/** The rows of the table that a cell belongs to. */
function groupsOf(condition: string, { samples }: Configuration, cycles: number): string[] {
  const groups = [`cycles/${condition}`];
  if (condition === 'clean' && cycles >= 8 && samples / cycles >= 8) groups.push('clean-8');
  if (condition === 'clean' && cycles < 8 && samples >= 120) groups.push('clean-4.5');
  if (condition === 'jitter 5 % + missing 10 % + irregular' && samples >= 120) {
    groups.push('degraded');
  }
  return groups;
}

/** Cyclic utilisation of one shape, condition and sampling: how often it is found, and how often with the right period. */
export function cycleRates(job: CycleJob): Scores {
  const scores = emptyScores();
  const configuration = cycleConfigurations[job.configuration]!;
  const { samples, stepSeconds } = configuration;
  const periodSeconds = (samples * stepSeconds) / job.cycles;
  const cell = `${job.condition} | ${job.shape} | ${nameOf(configuration)} | ${job.cycles} cycles`;
  const groups = [...groupsOf(job.condition, configuration, job.cycles), `cell/${cell}`];
  for (let run = 0; run < job.runs; run++) {
    const { condition, shape, cycles } = job;
    const dice = createDice(
      seedOf(job.seed, 'cycle', condition, shape, job.configuration, cycles, run),
    );
    const util = periodicSeries(
      { shape, samples, stepSeconds, periodSeconds, ...conditions[condition] },
      dice,
    );
    const { cycle } = analyse({ channels: { util }, sampling: 'native' });
    const alnair = alnairRule(util);
    const ratio = cycle === null ? Number.NaN : cycle.periodSeconds / periodSeconds;
    for (const group of groups) {
      count(scores, `${group}/found`, cycle !== null, alnair.cyclic);
      count(
        scores,
        `${group}/right`,
        isNear(ratio, 1),
        isNear(alnair.periodSeconds / periodSeconds, 1),
      );
      if (cycle === null) continue;
      count(scores, `${group}/harmonic`, isHarmonic(ratio));
      keep(scores, `${group}/error`, Math.abs(ratio - 1));
    }
  }
  return scores;
}

function isNear(ratio: number, whole: number): boolean {
  return Math.abs(ratio / whole - 1) <= tolerance;
}

/** A multiple of the period, or a part of it. */
function isHarmonic(ratio: number): boolean {
  const whole = Math.round(ratio >= 1 ? ratio : 1 / ratio);
  return whole >= 2 && isNear(ratio >= 1 ? ratio : 1 / ratio, whole);
}

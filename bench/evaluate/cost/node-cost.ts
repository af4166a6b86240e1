import { analyseSteps } from '../../../src/analysis/analyse.ts';
import type { GpuUsage, UsageSeries, Verdict } from '../../../src/analysis/verdict.ts';
import {
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
} from '../../../test/support/synthetic-series.ts';
import { alnairRule } from '../alnair-rule.ts';
import { atMost, valueRow, type Row } from '../rows/row.ts';
import { seedOf } from '../synthetic/seed.ts';
import { cpuMs } from './cpu-time.ts';

/** An hour at 1 s: all three windows have their samples. */
const hour = 3600;
const stepSeconds = 1;
/** A decision each ten seconds for five minutes: one full search of what is known is among them. */
const rounds = 30;
const roundSamples = 10;
const samples = hour + rounds * roundSamples;
const gpus = 8;
const repetitions = 7;

type Load = (seed: number) => UsageSeries;

function training(periodSeconds: number): Load {
  const options = { shape: 'square 70 %', jitter: 0.02, irregular: 0.45 };
  return (seed) =>
    periodicSeries({ ...options, samples, stepSeconds, periodSeconds }, createDice(seed));
}

function withoutPeriod(family: string): Load {
  return (seed) => evenly(nullFamilies[family]!(samples, createDice(seed)), stepSeconds);
}

/** What runs on the eight GPUs of a node. */
const nodes: Readonly<Record<string, readonly Load[]>> = {
  idle: [() => evenly(new Float64Array(samples), stepSeconds)],
  mixed: [
    () => evenly(new Float64Array(samples), stepSeconds),
    withoutPeriod('busy constant, sd 2'),
    training(14),
    withoutPeriod('random on/off, ~15 bursts'),
  ],
  training: [training(14), training(90)],
  unclear: [withoutPeriod('random on/off, ~15 bursts'), withoutPeriod('AR(1) 0.95')],
};

/** Four channels, as a node has them: memory moves with the load, power follows it with its own noise. */
function usageOf(util: UsageSeries, seed: number): GpuUsage {
  const { normal } = createDice(seed);
  const { timesSeconds } = util;
  const follow = (base: number, slope: number, noise: number): UsageSeries => ({
    timesSeconds,
    values: util.values.map((percent) => Math.max(0, base + slope * percent + noise * normal())),
  });
  const memCopy = util.values.map((percent) => Math.round(percent / 2));
  return {
    channels: {
      util,
      memCopy: { timesSeconds, values: memCopy },
      memUsed: follow(20_000, 10, 20),
      power: follow(60, 2.4, 6),
    },
    memoryTotalMiB: 81_920,
    powerLimitWatts: 400,
    sampling: 'native',
  };
}

interface Cost {
  readonly totalMs: number;
  /** Longest stretch between two yields, wall clock. */
  readonly longestMs: number;
  readonly verdicts: readonly Verdict[];
}

/** The hour that ends with a round. */
function hourUntil(usage: GpuUsage, round: number): GpuUsage {
  const from = round * roundSamples;
  const channels = Object.fromEntries(
    Object.entries(usage.channels).map(([channel, { timesSeconds, values }]) => [
      channel,
      {
        timesSeconds: timesSeconds.subarray(from, from + hour),
        values: values.subarray(from, from + hour),
      },
    ]),
  );
  return { ...usage, channels };
}

/** `known`: what was decided about each GPU the time before. */
function decideNode(usages: readonly GpuUsage[], known?: readonly Verdict[]): Cost {
  const before = cpuMs();
  let longestMs = 0;
  const verdicts = usages.map((usage, i) => {
    const steps = analyseSteps(usage, { known: known?.[i] ?? null });
    for (;;) {
      const started = performance.now();
      const step = steps.next();
      longestMs = Math.max(longestMs, performance.now() - started);
      if (step.done === true) return step.value;
    }
  });
  return { totalMs: cpuMs() - before, longestMs, verdicts };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Milliseconds of one decision among many, each of which knows the one before. */
function steadyMs(usages: readonly GpuUsage[]): number {
  let known = decideNode(usages.map((usage) => hourUntil(usage, 0))).verdicts;
  let totalMs = 0;
  for (let round = 1; round <= rounds; round++) {
    const now = usages.map((usage) => hourUntil(usage, round));
    const cost = decideNode(now, known);
    totalMs += cost.totalMs;
    known = cost.verdicts;
  }
  return totalMs / rounds;
}

/**
 * Processor time of one decision about a node: 8 GPUs, 4 channels, windows of 2, 10 and 60 minutes. `first`: nothing is known of the GPUs, median of several
 * after a warm-up; the other: mean over five minutes of decisions that follow each other.
 */
export function nodeCostRows(seed: number): Row[] {
  const rows: Row[] = [];
  let longest = 0;
  for (const [name, loads] of Object.entries(nodes)) {
    const usages = Array.from({ length: gpus }, (_, i) => {
      const own = seedOf(seed, 'node', name, i);
      return usageOf(loads[i % loads.length]!(own), own);
    });
    const first = usages.map((usage) => hourUntil(usage, 0));
    decideNode(first);
    const costs = Array.from({ length: repetitions }, () => decideNode(first));
    const firstMs = median(costs.map((cost) => cost.totalMs));
    // The smallest of the repetitions: what else ran on the machine is not ours.
    longest = Math.max(longest, Math.min(...costs.map((cost) => cost.longestMs)));
    const before = cpuMs();
    for (const { channels } of first) alnairRule(lastTwoMinutes(channels.util!));
    const alnair = cpuMs() - before;
    const of = { denominator: gpus, alnair };
    const nodeRow = (suffix: string, ms: number): Row =>
      valueRow(`decision_node_${name}${suffix}_ms`, ms, { ...of, numerator: ms }, atMost(50));
    rows.push(nodeRow('', steadyMs(usages)), nodeRow('_first', firstMs));
  }
  const of = { numerator: longest, denominator: Object.keys(nodes).length * gpus };
  return [...rows, valueRow('decision_longest_piece_ms', longest, of, atMost(50))];
}

/** The window of the Alnair rule. */
function lastTwoMinutes({ timesSeconds, values }: UsageSeries): UsageSeries {
  return { timesSeconds: timesSeconds.slice(-120), values: values.slice(-120) };
}

import { analyseSteps } from '../../../src/analysis/analyse.ts';
import type { GpuUsage, UsageSeries } from '../../../src/analysis/verdict.ts';
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
const samples = 3600;
const stepSeconds = 1;
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
}

function decideNode(usages: readonly GpuUsage[]): Cost {
  const before = cpuMs();
  let longestMs = 0;
  for (const usage of usages) {
    const steps = analyseSteps(usage);
    for (let done = false; !done;) {
      const started = performance.now();
      done = steps.next().done === true;
      longestMs = Math.max(longestMs, performance.now() - started);
    }
  }
  return { totalMs: cpuMs() - before, longestMs };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Processor time of one decision about a node: 8 GPUs, 4 channels, windows of 2, 10 and 60 minutes. Median of several after a warm-up. */
export function nodeCostRows(seed: number): Row[] {
  const rows: Row[] = [];
  let longest = 0;
  for (const [name, loads] of Object.entries(nodes)) {
    const usages = Array.from({ length: gpus }, (_, i) => {
      const own = seedOf(seed, 'node', name, i);
      return usageOf(loads[i % loads.length]!(own), own);
    });
    decideNode(usages);
    const costs = Array.from({ length: repetitions }, () => decideNode(usages));
    const totalMs = median(costs.map((cost) => cost.totalMs));
    // The smallest of the repetitions: what else ran on the machine is not ours.
    longest = Math.max(longest, Math.min(...costs.map((cost) => cost.longestMs)));
    const before = cpuMs();
    for (const { channels } of usages) alnairRule(lastTwoMinutes(channels.util!));
    const alnair = cpuMs() - before;
    const of = { numerator: totalMs, denominator: gpus, alnair };
    rows.push(valueRow(`decision_node_${name}_ms`, totalMs, of, atMost(50)));
  }
  const of = { numerator: longest, denominator: rows.length * gpus };
  return [...rows, valueRow('decision_longest_piece_ms', longest, of, atMost(50))];
}

/** The window of the Alnair rule. */
function lastTwoMinutes({ timesSeconds, values }: UsageSeries): UsageSeries {
  return { timesSeconds: timesSeconds.slice(-120), values: values.slice(-120) };
}

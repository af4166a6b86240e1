/**
 * Cost of the analysis: time per verdict, the longest piece of work between two yields, and the autocorrelation by FFT against one lag after another in the
 * same run. `node bench/analysis.ts [repetitions, 15]`. A collector that must answer a scrape within 2 ms analyses in the pieces shown here.
 */
import { analyseSteps } from '../src/analysis/analyse.ts';
import { Autocorrelation } from '../src/analysis/period/autocorrelation.ts';
import type { GpuUsage, UsageSeries } from '../src/analysis/verdict.ts';
import {
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
} from '../test/support/synthetic-series.ts';

const repetitions = Number(process.argv[2] ?? 15);

type Load = (seed: number) => GpuUsage;

function withPower(util: UsageSeries, seed: number): GpuUsage {
  const { normal } = createDice(seed + 1);
  const { timesSeconds } = util;
  const power = util.values.map((percent) => 60 + 2.4 * percent + 6 * normal());
  const seconds = Math.floor(timesSeconds.at(-1)! - timesSeconds[0]!) + 1;
  const memUsed = evenly(new Float64Array(seconds).fill(20_000), 1);
  return {
    channels: { util, memCopy: util, memUsed, power: { timesSeconds, values: power } },
    memoryTotalMiB: 81_920,
    powerLimitWatts: 400,
    sampling: 'native',
  };
}

function cyclic(samples: number, stepSeconds: number, periodSeconds: number, jitter = 0.02): Load {
  const options = {
    shape: 'square 70 %',
    samples,
    stepSeconds,
    periodSeconds,
    jitter,
    irregular: 0.45,
  };
  return (seed) => withPower(periodicSeries(options, createDice(seed)), seed);
}

function nullLoad(family: string, samples: number, stepSeconds: number): Load {
  return (seed) =>
    withPower(evenly(nullFamilies[family]!(samples, createDice(seed)), stepSeconds), seed);
}

const idle: Load = () => {
  const zeros = evenly(new Float64Array(3000), 0.2);
  return {
    channels: { util: zeros, memCopy: zeros, power: zeros, memUsed: zeros },
    sampling: 'native',
  };
};

const loads: Readonly<Record<string, Load>> = {
  'idle, 3000 samples': idle,
  'steady, 3000 samples': nullLoad('busy constant, sd 2', 3000, 0.2),
  'cycle of 14 s, 3000 samples': cyclic(3000, 0.2, 14),
  'cycle of 90 s, 3000 samples': cyclic(3000, 0.2, 90),
  'cycle jittering 15 %, 3000 samples': cyclic(3000, 0.2, 14, 0.15),
  'random on/off, 3000 samples': nullLoad('random on/off, ~15 bursts', 3000, 0.2),
  'AR(1) 0.95, 3000 samples': nullLoad('AR(1) 0.95', 3000, 0.2),
  'cycle of 8 s, 120 samples': cyclic(120, 1, 8),
  'cycle of 14 s, 1200 samples': cyclic(1200, 0.1, 14),
};

function quantile(values: readonly number[], share: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))]!;
}

/** Milliseconds of each piece of one analysis, and what it said. */
function piecesOf(usage: GpuUsage): { readonly pieces: number[]; readonly pattern: string } {
  const steps = analyseSteps(usage);
  const pieces: number[] = [];
  for (;;) {
    const started = performance.now();
    const step = steps.next();
    pieces.push(performance.now() - started);
    if (step.done === true) return { pieces, pattern: step.value.pattern };
  }
}

/** The pieces are the same every time, so the median over repetitions of each is free of what else the machine did. */
function measure(usage: GpuUsage): { readonly pieces: number[]; readonly pattern: string } {
  const runs = Array.from({ length: repetitions }, () => piecesOf(usage));
  const { pieces, pattern } = runs[0]!;
  return {
    pattern,
    pieces: pieces.map((_, i) =>
      quantile(
        runs.map((run) => run.pieces[i]!),
        0.5,
      ),
    ),
  };
}

console.log(
  '| load (4 channels) | said | verdict, ms (median) | verdict, ms (worst seed) | longest piece, ms | pieces |',
);
console.log('|---|---|---|---|---|---|');
const seeds = 8;
// Once through everything, so that the compiler has seen it.
for (const load of Object.values(loads)) measure(load(1));
for (const [name, load] of Object.entries(loads)) {
  const measured = Array.from({ length: seeds }, (_, seed) => measure(load(100 + seed)));
  const totals = measured.map(({ pieces }) => pieces.reduce((sum, piece) => sum + piece, 0));
  const longest = Math.max(...measured.flatMap(({ pieces }) => pieces));
  const said = [...new Set(measured.map(({ pattern }) => pattern))].join(', ');
  const figures = [quantile(totals, 0.5), Math.max(...totals), longest];
  const count = Math.max(...measured.map(({ pieces }) => pieces.length));
  console.log(
    `| ${name} | ${said} | ${figures.map((figure) => figure.toFixed(2)).join(' | ')} | ${count} |`,
  );
}

/** What the FFT replaces. */
function perLag(values: Float64Array, out: Float64Array): void {
  for (let lag = 0; lag < out.length; lag++) {
    let total = 0;
    for (let i = lag; i < values.length; i++) total += values[i]! * values[i - lag]!;
    out[lag] = total;
  }
}

function timeOf(work: () => void): number {
  for (let i = 0; i < 50; i++) work();
  const rounds = Array.from({ length: 40 }, () => {
    const started = performance.now();
    for (let i = 0; i < 5; i++) work();
    return (performance.now() - started) / 5;
  });
  return quantile(rounds, 0.5);
}

console.log('\n| samples | by FFT, µs per series | lag after lag, µs | ratio |');
console.log('|---|---|---|---|');
for (const samples of [120, 600, 1200]) {
  const { normal } = createDice(1);
  const values = Float64Array.from({ length: samples }, () => normal());
  const autocorrelation = new Autocorrelation(samples);
  const out = new Float64Array(autocorrelation.maxLag + 1);
  const second = new Float64Array(out.length);
  const fast = timeOf(() => autocorrelation.compute(values, values, out, second)) / 2;
  const slow = timeOf(() => perLag(values, out));
  console.log(
    `| ${samples} | ${(1000 * fast).toFixed(0)} | ${(1000 * slow).toFixed(0)} | ${(slow / fast).toFixed(1)} |`,
  );
}

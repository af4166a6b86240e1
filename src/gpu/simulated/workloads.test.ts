import { describe, expect, it } from 'vitest';
import { createSimulatedGpu, profile } from './hardware.ts';
import { createRandom } from '../../lib/random.ts';
import { crashPhases } from './training.ts';
import { workloadNames } from './workload.ts';
import type { WorkloadName } from './workload.ts';
import { createWorkload } from './workloads.ts';

const seeds = [1, 7, 4_242];

/** Samples as the source takes them: at random intervals of 0.1-0.3 s. */
function sample(name: WorkloadName, seed: number, fromSeconds: number, toSeconds: number) {
  const gpu = 3;
  const card = createSimulatedGpu(createWorkload(name, { seed, gpu }), seed, gpu);
  const random = createRandom(seed);
  const times: number[] = [];
  for (let at = fromSeconds; at < toSeconds; at += 0.1 + 0.2 * random()) times.push(at);
  return {
    card,
    times,
    util: times.map((at) => card.utilPercentAt(at)),
    power: times.map((at) => card.powerWattsAt(at)),
    memory: times.map((at) => card.memoryUsedMiBAt(at)),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
const share = (values: readonly number[], holds: (value: number) => boolean): number =>
  values.filter(holds).length / values.length;

/** Times at which utilisation rises through 50 % after at least a second below it: once per cycle. */
function risesOf(times: readonly number[], util: readonly number[]): number[] {
  const rises: number[] = [];
  let lowSince: number | null = null;
  for (const [index, value] of util.entries()) {
    const at = times[index] ?? 0;
    if (value < 50) lowSince ??= at;
    else {
      if (lowSince !== null && at - lowSince >= 0.7) rises.push(at);
      lowSince = null;
    }
  }
  return rises;
}

describe('gpu/simulated/workloads', () => {
  it.each(
    (['training', 'batch-inference'] as const).flatMap((name) =>
      seeds.map((seed) => ({ name, seed })),
    ),
  )('$name repeats with its true period (seed $seed)', ({ name, seed }) => {
    const { times, util } = sample(name, seed, 0, 600);
    const truth = createWorkload(name, { seed, gpu: 3 }).truthAt(0);
    const rises = risesOf(times, util);
    const measured = ((rises.at(-1) ?? 0) - (rises[0] ?? 0)) / (rises.length - 1);

    expect(truth.pattern).toBe('cyclic');
    expect(Math.abs(measured / (truth.periodSeconds ?? Number.NaN) - 1)).toBeLessThan(0.01);
  });

  it.each(seeds)('training shows four cycles in 75 s (seed %i)', (seed) => {
    for (let gpu = 0; gpu < 32; gpu += 1) {
      const { periodSeconds } = createWorkload('training', { seed, gpu }).truthAt(0);
      expect(periodSeconds).toBeGreaterThanOrEqual(12);
      expect(periodSeconds).toBeLessThanOrEqual(16);
    }
  });

  it.each(seeds)('fast training looks steady and busy (seed %i)', (seed) => {
    const { util } = sample('fast-training', seed, 0, 120);

    expect(quantile(util, 0.9) - quantile(util, 0.1)).toBeLessThanOrEqual(25);
    expect(share(util, (value) => value < 5)).toBe(0);
    expect(mean(util)).toBeGreaterThan(85);
  });

  it.each(seeds)('bursty inference is mostly quiet with high bursts (seed %i)', (seed) => {
    for (let start = 0; start < 600; start += 120) {
      const { util } = sample('bursty-inference', seed, start, start + 120);
      expect(share(util, (value) => value <= 5)).toBeGreaterThan(0.15);
      expect(quantile(util, 0.95)).toBeGreaterThan(20);
    }
  });

  it('bursts do not repeat: the gaps between them vary widely', () => {
    const { times, util } = sample('bursty-inference', 1, 0, 1200);
    const rises = risesOf(times, util);
    const gaps = rises.slice(1).map((at, index) => at - (rises[index] ?? 0));
    const average = mean(gaps);
    const spread = Math.sqrt(mean(gaps.map((gap) => (gap - average) ** 2)));

    expect(spread / average).toBeGreaterThan(0.4);
  });

  it('idle holds nothing, held-idle holds memory, neither computes', () => {
    const idle = sample('idle', 1, 0, 60);
    const held = sample('held-idle', 1, 0, 60);

    expect(Math.max(...idle.util, ...held.util)).toBe(0);
    expect(Math.max(...idle.memory)).toBe(0);
    expect(Math.min(...held.memory)).toBeGreaterThan(0.02 * profile.memoryTotalMiB);
  });

  it('stuck spins: full utilisation below a quarter of the power range', () => {
    const { util, power } = sample('stuck', 1, 0, 60);
    const bound =
      profile.idlePowerWatts + 0.25 * (profile.powerLimitWatts - profile.idlePowerWatts);

    expect(Math.min(...util)).toBeGreaterThanOrEqual(95);
    expect(Math.max(...power)).toBeLessThan(bound);
  });

  it('crash trains, loses process and memory, and comes back', () => {
    const { trainSeconds, goneSeconds, loadSeconds } = crashPhases;
    const workload = createWorkload('crash', { seed: 1, gpu: 0 });
    const gone = trainSeconds + goneSeconds / 2;
    const again = trainSeconds + goneSeconds + loadSeconds + 1;

    expect(workload.activityAt(10).process).not.toBeNull();
    expect(workload.activityAt(gone)).toMatchObject({ process: null, memory: 0, busy: 0 });
    expect(workload.activityAt(again).process).not.toBeNull();
    expect([10, gone, again].map((at) => workload.truthAt(at).pattern)).toEqual([
      'cyclic',
      'idle',
      'cyclic',
    ]);
  });

  it.each(workloadNames)('%s is a function of seed, GPU and time alone', (name) => {
    const forward = sample(name, 5, 0, 40);
    const other = createSimulatedGpu(createWorkload(name, { seed: 5, gpu: 3 }), 5, 3);
    const backward = forward.times.toReversed().map((at) => other.utilPercentAt(at));

    expect(backward.toReversed()).toEqual(forward.util);
    expect(other.energyJoulesAt(40)).toBe(forward.card.energyJoulesAt(40));
    expect(other.energyJoulesAt(10)).toBeLessThan(other.energyJoulesAt(40));
  });

  it.each(workloadNames)('%s stays within physical bounds', (name) => {
    const { util, power, memory, card } = sample(name, 9, 0, 60);

    for (const value of util) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(100);
    }
    expect(Math.min(...power)).toBeGreaterThan(50);
    expect(Math.max(...power)).toBeLessThanOrEqual(profile.powerLimitWatts);
    expect(Math.max(...memory)).toBeLessThan(profile.memoryTotalMiB);
    expect(card.temperatureCelsiusAt(60)).toBeGreaterThan(profile.ambientCelsius);
    expect(card.temperatureCelsiusAt(60)).toBeLessThan(90);
  });

  it('energy is the integral of power, and heat lags behind it', () => {
    const { card, power } = sample('training', 1, 0, 300);

    expect(card.energyJoulesAt(300) / 300 / mean(power)).toBeCloseTo(1, 1);
    const busy = createSimulatedGpu(createWorkload('fast-training', { seed: 1, gpu: 0 }), 1, 0);
    const [early, later, settled] = [2, 20, 150].map((at) => busy.temperatureCelsiusAt(at));
    expect(early).toBeLessThan(later ?? 0);
    expect(later).toBeLessThan(settled ?? 0);
  });
});

import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/analyse.ts';
import type { UsageChannel, UsageSeries } from '../../src/analysis/verdict.ts';
import {
  createSimulatedSource,
  simulatedPlan,
  simulatedWorkloads,
} from '../../src/gpu/simulated-source.ts';
import type { ReadTier } from '../../src/gpu/source.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createRandom } from '../../src/lib/random.ts';

/** What the source delivers in `seconds` when its tiers are read as its cadence asks, on a clock that costs no time. */
async function observe(seed: number, seconds: number) {
  let ms = 0;
  const clock: Clock = { now: () => ms, monotonicMs: () => ms, sleep: () => Promise.resolve() };
  const source = createSimulatedSource({ gpus: simulatedWorkloads.length, seed, clock });
  const { signal } = new AbortController();
  const devices = await source.open(signal);
  const random = createRandom(seed);
  const series = devices.map(() => new Map<UsageChannel, { times: number[]; values: number[] }>());
  const due: Record<ReadTier, number> = { usage: 0, memory: 0, slow: Number.POSITIVE_INFINITY };
  while (ms < seconds * 1_000) {
    const tier = due.usage <= due.memory ? 'usage' : 'memory';
    ms = due[tier];
    due[tier] += (source.cadence()[tier]?.meanMs ?? 1_000) * (0.5 + random());
    const { updates } = await source.read(tier, signal);
    for (const [gpu, { samples }] of updates.entries()) {
      for (const [name, { timesMs, values }] of Object.entries(samples ?? {})) {
        const channel = name as UsageChannel;
        const kept = series[gpu]?.get(channel) ?? { times: [], values: [] };
        kept.times.push(...timesMs.map((time) => time / 1_000));
        kept.values.push(...values);
        series[gpu]?.set(channel, kept);
      }
    }
  }
  return devices.map(({ powerLimitWatts, memoryTotalBytes }, gpu) => {
    const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
    for (const [name, { times, values }] of series[gpu] ?? []) {
      channels[name] = {
        timesSeconds: Float64Array.from(times),
        values: Float64Array.from(values),
      };
    }
    const memoryTotalMiB = (memoryTotalBytes ?? 0) / 2 ** 20;
    return { channels, powerLimitWatts, memoryTotalMiB, sampling: 'native' as const };
  });
}

describe('the analysis finds the truth of each simulated workload', () => {
  it.each([
    { seed: 1, seconds: 75 },
    { seed: 2, seconds: 90 },
    { seed: 3, seconds: 170 },
  ])('seed $seed after $seconds s', async ({ seed, seconds }) => {
    const usages = await observe(seed, seconds);
    const plan = simulatedPlan({ gpus: simulatedWorkloads.length, seed });
    const found = usages.map((usage) => analyse(usage));

    expect(found.map(({ pattern, stall }) => ({ pattern, stall }))).toEqual(
      plan.map((workload) => {
        const { pattern, stall } = workload.truthAt(seconds);
        return { pattern, stall };
      }),
    );
    const periodErrors = plan.map((workload, gpu) => {
      const { periodSeconds } = workload.truthAt(seconds);
      if (periodSeconds === null) return 0;
      return Math.abs((found[gpu]?.cycle?.periodSeconds ?? 0) / periodSeconds - 1);
    });
    expect(Math.max(...periodErrors)).toBeLessThan(0.05);
  });
});

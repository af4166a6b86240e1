import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDice, nullFamilies, periodicSeries } from '../../test/support/synthetic-series.ts';
import { analyse } from './analyse.ts';
import type { GpuUsage, UsageChannel, UsageSeries, Verdict } from './verdict.ts';

/** Stamps and values are multiples of this, so that shifting and doubling them is exact and verdicts can be compared as they are. */
const quantum = 1 / 64;
const shapes = ['square 70 %', 'sawtooth', 'noisy sine'];
const noises = ['AR(1) 0.7', 'busy constant, sd 2', 'random on/off, ~15 bursts', 'single step'];

interface Load {
  readonly kind: string;
  readonly periodSeconds: number;
  readonly seed: number;
}

/** Two minutes at 4 Hz, irregular: of a job that cycles, of noise, of an idle GPU. */
const loads: fc.Arbitrary<Load> = fc.record({
  kind: fc.constantFrom(...shapes, ...noises, 'idle'),
  periodSeconds: fc.integer({ min: 3, max: 25 }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
});

const quantised = (values: Float64Array): Float64Array =>
  values.map((value) => quantum * Math.round(value / quantum));

function utilOf({ kind, periodSeconds, seed }: Load): UsageSeries {
  const dice = createDice(seed);
  const options = { samples: 480, stepSeconds: 0.25, periodSeconds, irregular: 0.3 };
  const shape = shapes.includes(kind) ? kind : shapes[0]!;
  const { timesSeconds, values } = periodicSeries({ ...options, shape }, dice);
  const noise = kind === 'idle' ? values.map(() => 0) : nullFamilies[kind]?.(values.length, dice);
  return { timesSeconds: quantised(timesSeconds), values: quantised(noise ?? values) };
}

function usageOf(load: Load): GpuUsage {
  const util = utilOf(load);
  return {
    channels: {
      util,
      memCopy: { ...util, values: quantised(util.values.map((value) => 0.4 * value)) },
      memUsed: { ...util, values: util.values.map((value) => 9000 + 32 * Math.round(value)) },
      power: { ...util, values: util.values.map((value) => 80 + 2 * value) },
    },
    memoryTotalMiB: 81_920,
    powerLimitWatts: 400,
    sampling: 'native',
  };
}

type Change = (series: UsageSeries, channel: UsageChannel) => UsageSeries;

function changed(usage: GpuUsage, change: Change): GpuUsage {
  const entries = Object.entries(usage.channels) as [UsageChannel, UsageSeries][];
  const channels = Object.fromEntries(entries.map(([name, each]) => [name, change(each, name)]));
  return { ...usage, channels };
}

/** Samples in another order, some of them given more than once. */
function inOrder({ timesSeconds, values }: UsageSeries, order: readonly number[]): UsageSeries {
  return {
    timesSeconds: Float64Array.from(order, (i) => timesSeconds[i]!),
    values: Float64Array.from(order, (i) => values[i]!),
  };
}

function always(check: (usage: GpuUsage, verdict: Verdict, load: Load) => void, runs = 25): void {
  const verify = (load: Load): void => {
    const usage = usageOf(load);
    check(usage, analyse(usage), load);
  };
  fc.assert(fc.property(loads, verify), { numRuns: runs, seed: 5 });
}

describe('analysis/properties', () => {
  it('looks at loads of most kinds', () => {
    const seen = new Set<string>();
    always((_, { pattern }) => seen.add(pattern), 40);
    expect([...seen]).toEqual(expect.arrayContaining(['alloc-idle', 'cyclic', 'steady', 'bursty']));
  });

  it('takes any origin of time for the same', () => {
    always((usage, verdict) => {
      for (const by of [-1000, 1 << 30]) {
        const shifted = changed(usage, ({ timesSeconds, values }) => ({
          timesSeconds: timesSeconds.map((time) => time + by),
          values,
        }));
        const asOfSeconds = verdict.asOfSeconds + by;
        expect(analyse(shifted)).toEqual({ ...verdict, asOfSeconds });
      }
    });
  });

  it('stretches the period with time, and nothing else', () => {
    always((usage, { cycle, pattern, tentative, confidence }) => {
      const slower = changed(usage, ({ timesSeconds, values }) => ({
        timesSeconds: timesSeconds.map((time) => 4 * time),
        values,
      }));
      const windowsSeconds = [480, 2400, 14_400];
      const verdict = analyse(slower, { windowsSeconds });
      expect(verdict).toMatchObject({ pattern, tentative, confidence });
      expect(verdict.cycle?.periodSeconds).toBe(
        cycle === null ? undefined : 4 * cycle.periodSeconds,
      );
      expect(verdict.cycle?.cycles).toBe(cycle?.cycles);
      expect(verdict.cycle?.dutyRatio).toBe(cycle?.dutyRatio);
    });
  });

  it('does not mind the order of channels and samples, nor samples given again', () => {
    always((usage, verdict, { seed }) => {
      const { uniform } = createDice(seed);
      const entries = Object.entries(usage.channels);
      const reversed = Object.fromEntries(entries.toReversed());
      expect(analyse({ ...usage, channels: reversed })).toEqual(verdict);
      const mixed = changed(usage, (series) => {
        const indexes = [...series.values.keys()];
        const again = indexes.filter(() => uniform() < 0.3);
        const ranked = [...indexes, ...again].map((i) => [uniform(), i] as const);
        return inOrder(
          series,
          ranked.toSorted(([a], [b]) => a - b).map(([, i]) => i),
        );
      });
      expect(analyse(mixed)).toEqual(verdict);
    });
  });

  it('takes what cannot be true for absent', () => {
    always((usage, verdict, { seed }) => {
      const { uniform } = createDice(seed);
      const wrong = [Number.NaN, Infinity, -Infinity, -1, 4_294_967_295];
      const dirty = changed(usage, ({ timesSeconds, values }) => {
        const times: number[] = [];
        const kept: number[] = [];
        for (const [i, time] of timesSeconds.entries()) {
          if (uniform() < 0.3) {
            times.push(uniform() < 0.5 ? time : time + quantum / 2);
            kept.push(wrong[Math.floor(wrong.length * uniform())]!);
          }
          if (uniform() < 0.1) {
            times.push(wrong[Math.floor(3 * uniform())]!);
            kept.push(50);
          }
          times.push(time);
          kept.push(values[i]!);
        }
        return { timesSeconds: Float64Array.from(times), values: Float64Array.from(kept) };
      });
      expect(analyse(dirty)).toEqual(verdict);
    });
  });

  it.each([
    ['memUsed', 4096],
    ['power', 32],
  ] as const)('finds the same cycle in %s at another level', (only, by) => {
    always((usage, _, { kind }) => {
      const channels = { [only]: usage.channels[only] };
      const one = analyse({ ...usage, channels });
      const higher = changed({ ...usage, channels }, ({ timesSeconds, values }) => ({
        timesSeconds,
        values: values.map((value) => value + by),
      }));
      const other = analyse(higher);
      // Power alone tells rest from work by its level; a cycle is the same at any.
      const isCyclic = [one, other].map(({ pattern }) => pattern === 'cyclic');
      expect({ kind, isCyclic }).toEqual({ kind, isCyclic: [isCyclic[0], isCyclic[0]] });
      const [period, otherPeriod] = [one, other].map(({ cycle }) => cycle?.periodSeconds ?? 1);
      expect(otherPeriod! / period!).toBeCloseTo(1, 6);
    });
  });

  it('bridges holes of less than 40 % of the window, and says nothing with more', () => {
    always((usage, verdict) => {
      const isIdle = verdict.pattern.endsWith('idle');
      const without = (share: number): Verdict =>
        analyse(
          changed(usage, ({ timesSeconds, values }) => {
            const [from, to] = [40, 40 + share * timesSeconds.at(-1)!];
            const kept = [...values.keys()].filter(
              (i) => timesSeconds[i]! < from || timesSeconds[i]! > to,
            );
            return inOrder({ timesSeconds, values }, kept);
          }),
        );
      const bridged = without(0.35).pattern;
      expect(bridged).not.toBe('insufficient');
      expect(bridged.endsWith('idle')).toBe(isIdle);
      expect(without(0.5)).toMatchObject({ pattern: 'insufficient', cycle: null });
    });
  });
});

import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
  type TimedSeries,
} from '../../test/support/synthetic-series.ts';
import { analyse, analyseSteps } from './analyse.ts';
import { track, type TrackState } from './stability.ts';
import type { GpuUsage, Pattern, UsageSeries } from './verdict.ts';

function constant(value: number, samples = 600, stepSeconds = 0.2): TimedSeries {
  return evenly(new Float64Array(samples).fill(value), stepSeconds);
}

function training(periodSeconds: number, seconds: number, seed = 1): GpuUsage {
  const util = periodicSeries(
    {
      shape: 'square 70 %',
      samples: seconds / 0.2,
      stepSeconds: 0.2,
      periodSeconds,
      jitter: 0.02,
      irregular: 0.5,
    },
    createDice(seed),
  );
  return {
    channels: {
      util,
      memCopy: { ...util, values: util.values.map((value) => 0.4 * value) },
      power: { ...util, values: util.values.map((value) => 80 + 2 * value) },
      memUsed: constant(20_000, seconds, 1),
    },
    memoryTotalMiB: 81_920,
    powerLimitWatts: 400,
    sampling: 'native',
  };
}

/** The usage up to a moment: what a collector has then. */
function until(usage: GpuUsage, seconds: number): GpuUsage {
  const channels = Object.fromEntries(
    Object.entries(usage.channels).map(([name, { timesSeconds, values }]) => {
      const end = timesSeconds.findIndex((time) => time > seconds);
      const count = end < 0 ? values.length : end;
      return [
        name,
        { timesSeconds: timesSeconds.subarray(0, count), values: values.subarray(0, count) },
      ];
    }),
  );
  return { ...usage, channels };
}

describe('analysis/analyse', () => {
  it('finds a cycle in irregular samples and describes it', () => {
    const verdict = analyse(training(14, 600));
    expect(verdict).toMatchObject({ pattern: 'cyclic', tentative: false, stall: false });
    expect(Math.abs(verdict.cycle!.periodSeconds / 14 - 1)).toBeLessThan(0.02);
    expect(verdict.cycle!.publishable).toBe(true);
    expect(Math.abs(verdict.cycle!.dutyRatio - 0.7)).toBeLessThan(0.05);
    expect(verdict.windowSeconds).toBeLessThan(125);
    expect(verdict.confidence).toBeGreaterThan(0.9);
    expect(verdict.memUsedMaxMiB).toBe(20_000);
    expect(verdict.nextMemUsedMaxMiB).toBeCloseTo(20_664, 6);
    expect(verdict.memCopyMaxPercent).toBeGreaterThan(34);
    expect(Math.abs(verdict.nextUtilMeanPercent! - 64.5)).toBeLessThan(8);
  });

  it('says that something has ended when a cycle stops, before the GPU counts as idle', () => {
    const { channels, ...rest } = training(14, 600);
    const silent = (series: UsageSeries): UsageSeries => ({
      ...series,
      values: series.values.map((value, i) => (series.timesSeconds[i]! < 550 ? value : 0)),
    });
    const usage = { ...rest, channels: { util: silent(channels.util!) } };
    expect(analyse(until(usage, 560)).pattern).toBe('cyclic');
    expect(analyse(until(usage, 585)).pattern).toBe('transition');
    expect(analyse(usage)).toMatchObject({ pattern: 'idle', cycle: null });
  });

  it('needs the longer window for a longer cycle', () => {
    const verdict = analyse(training(70, 600));
    expect(verdict.pattern).toBe('cyclic');
    expect(Math.abs(verdict.cycle!.periodSeconds / 70 - 1)).toBeLessThan(0.03);
    expect(verdict.windowSeconds).toBeGreaterThan(500);
  });

  it('finds a shallow cycle although the start of the job outweighs it', () => {
    const { util } = training(5, 100).channels;
    const shallow = util!.values.map((value, i) =>
      util!.timesSeconds[i]! < 20 ? 0 : 60 + 0.2 * value,
    );
    const usage = {
      channels: { util: { ...util!, values: shallow } },
      sampling: 'native',
    } as const;
    expect(Math.abs(analyse(usage).cycle!.periodSeconds / 5 - 1)).toBeLessThan(0.03);
  });

  it('calls three cycles tentative', () => {
    const util = periodicSeries(
      { shape: 'sawtooth', samples: 600, stepSeconds: 0.2, periodSeconds: 33 },
      createDice(1),
    );
    const verdict = analyse({ channels: { util }, sampling: 'native' });
    expect(verdict).toMatchObject({ pattern: 'cyclic', tentative: true });
  });

  it('does not show the period of scraped samples', () => {
    const verdict = analyse({ ...training(14, 600), sampling: 'scraped' });
    expect(verdict.pattern).toBe('cyclic');
    expect(verdict.cycle!.publishable).toBe(false);
  });

  it('lets a cycle end with the work, long before the slow window forgets it', () => {
    const { channels, ...rest } = training(40, 900);
    const stopped = Object.fromEntries(
      Object.entries(channels).map(([name, { timesSeconds, values }]) => [
        name,
        {
          timesSeconds,
          values: values.map((value, i) => (timesSeconds[i]! > 700 ? 0 : value)),
        },
      ]),
    );
    expect(analyse(until({ channels: stopped, ...rest }, 700)).pattern).toBe('cyclic');
    expect(analyse(until({ channels: stopped, ...rest }, 825)).pattern).toBe('idle');
  });

  it.each([
    ['idle', { util: constant(0), memUsed: constant(3, 120, 1) }],
    ['idle', { util: constant(0) }],
    ['alloc-idle', { util: constant(0), memUsed: constant(9000, 120, 1) }],
    ['steady', { util: constant(97) }],
    ['insufficient', { util: constant(97, 20, 1) }],
    ['insufficient', { util: constant(97, 60, 0.2) }],
    ['insufficient', {}],
    ['insufficient', { power: constant(70, 10, 1) }],
    ['unknown', { memUsed: constant(900, 120, 1) }],
    ['idle', { power: constant(70) }],
    ['alloc-idle', { power: constant(70), memUsed: constant(900, 120, 1) }],
    ['steady', { power: constant(170) }],
  ] as [Pattern, GpuUsage['channels']][])('says %s', (pattern, channels) => {
    expect(analyse({ channels, sampling: 'native' }).pattern).toBe(pattern);
  });

  it('finds a cycle in power alone', () => {
    const { power } = training(14, 200).channels;
    expect(analyse({ channels: { power: power! }, sampling: 'native' }).cycle?.channel).toBe(
      'power',
    );
  });

  it('does not call the ripple of an idle GPU’s power a cycle', () => {
    const power = periodicSeries(
      { shape: 'sawtooth', samples: 600, stepSeconds: 0.2, periodSeconds: 10 },
      createDice(1),
    );
    expect(analyse({ channels: { util: constant(0), power }, sampling: 'native' }).pattern).toBe(
      'idle',
    );
  });

  it('has no numbers where there are no samples', () => {
    expect(analyse({ channels: {}, sampling: 'native' })).toMatchObject({
      sampleCount: 0,
      asOfSeconds: Number.NaN,
      memCopyMaxPercent: null,
      memUsedMaxMiB: null,
      utilMeanPercent: null,
      nextMemUsedMaxMiB: null,
      nextUtilMeanPercent: null,
    });
  });

  it('flags a stalled rank', () => {
    const channels = { util: constant(100), power: constant(120) };
    const usage: GpuUsage = { channels, sampling: 'native', powerLimitWatts: 700 };
    expect(analyse(usage).stall).toBe(true);
    expect(analyse({ channels, sampling: 'native' }).stall).toBe(false);
  });

  it('survives garbage', () => {
    const { uniform } = createDice(6);
    const wild = [Number.NaN, Infinity, -5, 4_294_967_295, 50, 60, 0];
    for (let round = 0; round < 60; round++) {
      const length = Math.floor(200 * uniform());
      const pick = (): Float64Array =>
        Float64Array.from({ length }, () => wild[Math.floor(wild.length * uniform())]!);
      const times = Float64Array.from({ length }, (_, i) =>
        uniform() < 0.1 ? wild[Math.floor(wild.length * uniform())]! : Math.floor(i / 2),
      );
      const verdict = analyse({
        channels: {
          util: { timesSeconds: times, values: pick() },
          power: { timesSeconds: times, values: pick() },
        },
        sampling: 'native',
      });
      expect(verdict.utilMeanPercent ?? 50).toBeGreaterThanOrEqual(0);
      expect(verdict.utilMeanPercent ?? 50).toBeLessThanOrEqual(100);
    }
  });

  it('says the same about the same, and changes nothing it is given', () => {
    for (const family of ['AR(1) 0.7', 'random on/off, ~15 bursts']) {
      const util = evenly(nullFamilies[family]!(600, createDice(3)), 0.2);
      const copy = { ...util, values: Float64Array.from(util.values) };
      const first = analyse({ channels: { util }, sampling: 'native' });
      expect(analyse({ channels: { util }, sampling: 'native' })).toEqual(first);
      expect(util).toEqual(copy);
    }
    expect(analyse(training(14, 600))).toEqual(analyse(training(14, 600)));
  });

  it('pauses often, and says the same with pauses', () => {
    const usage = training(90, 600);
    const steps = analyseSteps(usage);
    let pauses = 0;
    let step = steps.next();
    while (step.done !== true) {
      pauses++;
      step = steps.next();
    }
    expect(pauses).toBeGreaterThan(20);
    expect(step.value).toEqual(analyse(usage));
  });

  it.each([5, 10])(
    'has said "cyclic" 90 s after the start, analysing every %d s, and goes on saying so',
    (every) => {
      for (const period of [12, 14, 16]) {
        for (let seed = 0; seed < 3; seed++) {
          const usage = training(period, 240, seed);
          let state: TrackState | null = null;
          const said: (string | null)[] = [];
          for (let at = every; at <= 240; at += every) {
            const tracked = track(state, analyse(until(usage, at)));
            state = tracked.state;
            if (at >= 90) said.push(tracked.published?.jobType ?? null);
          }
          expect({ period, seed, said: new Set(said) }).toEqual({
            period,
            seed,
            said: new Set(['DLT']),
          });
        }
      }
    },
  );
});

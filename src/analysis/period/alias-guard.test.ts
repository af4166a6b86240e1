import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  periodicSeries,
  type TimedSeries,
} from '../../../test/support/synthetic-series.ts';
import { PreparedUsage } from '../series/prepare.ts';
import type { GpuUsage } from '../verdict.ts';
import { excludesAlias, type Found } from './alias-guard.ts';

const windowSeconds = 120;

function isSure(
  channels: GpuUsage['channels'],
  found: Partial<Found> & Pick<Found, 'periodSeconds' | 'samplesPerPeriod'>,
  sampling: GpuUsage['sampling'] = 'native',
): boolean {
  const prepared = new PreparedUsage({ channels, sampling }, windowSeconds);
  return excludesAlias(
    prepared,
    { channel: 'util', windowSeconds, pValue: 1e-6, ...found },
    sampling,
  );
}

function cycles(stepSeconds: number, periodSeconds: number, irregular = 0): TimedSeries {
  const samples = Math.round(windowSeconds / stepSeconds);
  const options = { shape: 'square 70 %', samples, stepSeconds, periodSeconds };
  return periodicSeries({ ...options, irregular, jitter: 0.02 }, createDice(1));
}

/** Means over each interval of a square wave between 0 and 100. */
function means(stepSeconds: number, periodSeconds: number): TimedSeries {
  const area = (time: number): number => {
    const whole = Math.floor(time / periodSeconds);
    const rest = Math.min(time - whole * periodSeconds, periodSeconds / 2);
    return 100 * (whole * (periodSeconds / 2) + rest);
  };
  const values = Float64Array.from({ length: 720 }, (_, i) =>
    Math.round((area((i + 1) * stepSeconds) - area(i * stepSeconds)) / stepSeconds),
  );
  return evenly(values, stepSeconds);
}

describe('analysis/period/alias-guard', () => {
  it('trusts samples at random intervals, not those of a scrape', () => {
    const channels = { util: cycles(1, 14, 0.5) };
    const found = { periodSeconds: 14, samplesPerPeriod: 14 };
    expect(isSure(channels, found)).toBe(true);
    expect(isSure(channels, found, 'scraped')).toBe(false);
    expect(isSure(channels, { ...found, samplesPerPeriod: 3.9 })).toBe(false);
  });

  it('needs a small p of random samples, or rises that are all in time', () => {
    const found = { periodSeconds: 14, samplesPerPeriod: 14, pValue: 0.005 };
    expect(isSure({ util: cycles(1, 14, 0.5) }, found)).toBe(true);
    const { normal } = createDice(2);
    const { timesSeconds } = cycles(1, 14, 0.5);
    const noise = { timesSeconds, values: timesSeconds.map(() => 50 + 20 * normal()) };
    expect(isSure({ util: noise }, found)).toBe(false);
    expect(isSure({ util: noise }, { ...found, pValue: 1e-4 })).toBe(true);
  });

  it('trusts even means that move more than those of an alias could', () => {
    expect(isSure({ util: cycles(1 / 6, 6) }, { periodSeconds: 6, samplesPerPeriod: 36 })).toBe(
      true,
    );
  });

  it.each([8, 12, 24, 60])('does not trust the alias of a faster step, %d samples long', (s) => {
    const stepSeconds = 1 / 6;
    for (const turns of [1 - 1 / s, 1 + 1 / s, 2 - 1 / s]) {
      const util = means(stepSeconds, stepSeconds / turns);
      const found = { periodSeconds: s * stepSeconds, samplesPerPeriod: s };
      expect(isSure({ util }, found), `${turns} turns`).toBe(false);
    }
  });

  it('does not trust the multiple of one', () => {
    const stepSeconds = 1 / 6;
    const util = means(stepSeconds, stepSeconds / (1 - 1 / 2.5));
    expect(isSure({ util }, { periodSeconds: 5 * stepSeconds, samplesPerPeriod: 5 })).toBe(false);
  });

  it('does not trust even points: slow utilisation, power, memory in use', () => {
    const found = { periodSeconds: 14, samplesPerPeriod: 14 };
    const power = cycles(0.1, 14);
    expect(isSure({ util: cycles(2, 14) }, found)).toBe(false);
    expect(isSure({ power }, { ...found, channel: 'power' })).toBe(false);
    expect(isSure({ memUsed: power }, { ...found, channel: 'memUsed' })).toBe(false);
  });

  it('trusts power at even intervals when they are very short, or another channel shows the same', () => {
    const found = { periodSeconds: 14, samplesPerPeriod: 14, channel: 'power' } as const;
    const power = cycles(0.1, 14);
    expect(isSure({ power: cycles(0.02, 14) }, found)).toBe(true);
    expect(isSure({ power, util: cycles(1 / 6, 14) }, found)).toBe(true);
    expect(isSure({ power, util: cycles(1 / 6, 9) }, found)).toBe(false);
    const flat = evenly(new Float64Array(720).fill(98), 1 / 6);
    expect(isSure({ power, util: flat }, found)).toBe(false);
  });
});

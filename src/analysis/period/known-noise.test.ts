import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
} from '../../../test/support/synthetic-series.ts';
import { toGrid } from '../series/grid.ts';
import { detector } from '../thresholds.ts';
import type { UsageSeries } from '../verdict.ts';
import { scan } from './detect.ts';
import { chanceInKnownNoise } from './known-noise.ts';
import { redNoise } from './red-noise.ts';
import type { Candidates } from './significance.ts';
import { Surrogates } from './surrogates.ts';
import { tablesFor } from './tables.ts';

function candidatesOf(series: UsageSeries): Candidates {
  const { values, contrast } = scan({ channel: 'util', grid: toGrid(series)! })!;
  return { values, contrast, indexes: [...contrast.keys()] };
}

function noise(family: string, samples: number, seed: number): Candidates {
  return candidatesOf(evenly(nullFamilies[family]!(samples, createDice(seed)), 1));
}

function known({ values, contrast, indexes }: Candidates): { p: number | null; pauses: number } {
  const steps = chanceInKnownNoise(values, contrast, indexes);
  for (let pauses = 0; ; pauses++) {
    const step = steps.next();
    if (step.done === true) return { p: step.value, pauses };
  }
}

/** Against surrogates of the series itself. */
function own({ values, contrast, indexes }: Candidates): number {
  const surrogates = new Surrogates(redNoise(values), tablesFor(values.length));
  const steps = surrogates.drawUpTo(detector.surrogateCounts.at(-1)!);
  while (steps.next().done !== true);
  return Math.min(...surrogates.law().pValues(contrast, indexes));
}

describe('analysis/period/known-noise', () => {
  it.each([
    ['AR(1) 0.7', 120],
    ['AR(1) 0.95', 600],
    ['busy constant, sd 2', 300],
  ])('says of %s of %d samples what its own surrogates say', (family, samples) => {
    let difference = 0;
    for (let seed = 0; seed < 20; seed++) {
      const candidates = noise(family, samples, seed);
      difference += Math.abs(known(candidates).p! - own(candidates)) / 20;
    }
    expect(difference).toBeLessThan(0.12);
  });

  it('leaves what may be a cycle to surrogates of its own', () => {
    for (const shape of ['square 70 %', 'sawtooth', 'noisy sine']) {
      const options = { shape, samples: 300, stepSeconds: 1, periodSeconds: 40, jitter: 0.05 };
      const { p } = known(candidatesOf(periodicSeries(options, createDice(5))));
      expect(detector.redNoiseWeight * p!).toBeLessThan(detector.knownNoiseP / 2);
    }
  });

  it('says nothing of short pulses and dips', () => {
    for (const shape of ['15 % pulses', '8 % dips']) {
      const options = { shape, samples: 300, stepSeconds: 1, periodSeconds: 40 };
      const candidates = candidatesOf(periodicSeries(options, createDice(6)));
      expect(known(candidates)).toEqual({ p: null, pauses: 0 });
    }
  });

  it('pauses while it learns a noise, and knows it from then on', () => {
    const first = known(noise('AR(1) 0.95', 1_000, 7));
    expect(first.pauses).toBeGreaterThan(10);
    expect(known(noise('AR(1) 0.95', 1_000, 7))).toEqual({ p: first.p, pauses: 0 });
    expect(known(noise('AR(1) 0.95', 1_010, 7)).pauses).toBe(0);
  });
});

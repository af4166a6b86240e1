import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseSteps } from './analyse.ts';
import { createDice } from '../../test/support/synthetic-series.ts';
import { toGrid } from './series/grid.ts';
import { sanitise } from './series/sanitise.ts';
import type { GpuUsage, UsageChannel, UsageSeries, Verdict } from './verdict.ts';

/** Time stamps: of sane clocks, and of those that count something else, jump, stand still or overflow. */
const clocks: Readonly<Record<string, (i: number, uniform: () => number) => number>> = {
  even: (i) => i,
  epoch: (i) => 1.7e9 + 0.2 * i,
  backwards: (i) => -i,
  'equal stamps': () => 5,
  microseconds: (i) => 1e-6 * i,
  'microseconds over years': (i, uniform) => (i % 2 === 0 ? 1e-6 * i : 3e8 * uniform()),
  'far behind': (i) => (i === 3 ? 0 : 1.7e9 + 0.2 * i),
  'far ahead': (i) => (i === 3 ? 4e9 : 1.7e9 + 0.2 * i),
  'ever slower': (i) => 2 ** (i / 10),
  'ever faster': (i) => 1 - 0.99 ** i,
  unordered: (_, uniform) => uniform(),
  'beyond whole numbers': (i) => 2 ** 53 + i,
  '1e300': (i) => 1e300 * i,
  'from end to end': (i) => (i % 2 === 0 ? 1 : -1) * Number.MAX_VALUE,
  denormal: (i) => 5e-324 * i,
  'not numbers': (i) => [Number.NaN, Infinity, -Infinity, i][i % 4]!,
  'any size': (_, uniform) => (uniform() - 0.5) * 10 ** (300 * uniform()),
};

const wildValues = [Number.NaN, Infinity, -5, 4_294_967_295, 50, 60, 0, -0];
const gauges: Readonly<Record<string, (i: number, uniform: () => number) => number>> = {
  square: (i) => (i % 20 < 14 ? 90 : 5),
  sine: (i) => 50 + 40 * Math.sin(i / 5),
  zero: () => 0,
  spike: (i) => (i === 7 ? 100 : 0),
  noise: (_, uniform) => 100 * uniform(),
  'random walk': (i, uniform) => 50 + 30 * Math.sin(i * uniform() * 0.01),
  large: (_, uniform) => 1e7 * uniform(),
  denormal: (_, uniform) => 5e-324 * Math.floor(10 * uniform()),
  garbage: (_, uniform) => wildValues[Math.floor(wildValues.length * uniform())]!,
};

interface Recipe {
  readonly clock: string;
  readonly gauge: string;
  readonly valuesMissing: boolean;
}
const recipe: fc.Arbitrary<Recipe> = fc.record({
  clock: fc.constantFrom(...Object.keys(clocks)),
  gauge: fc.constantFrom(...Object.keys(gauges)),
  valuesMissing: fc.constantFrom(false, false, false, true),
});
const lengths = fc.constantFrom(0, 1, 2, 3, 23, 24, 25, 100, 600, 3000, 10_000);
const fact = fc.constantFrom(undefined, Number.NaN, Infinity, 0, -1, 400, 81_920);
const channelNames: readonly UsageChannel[] = ['util', 'memCopy', 'memUsed', 'power'];
const channel = fc.option(recipe, { freq: 3 });
const cases = fc.tuple(lengths, fc.tuple(channel, channel, channel, channel), fact, fact);

function seriesOf({ clock, gauge, valuesMissing }: Recipe, length: number): UsageSeries {
  const { uniform } = createDice(length + clock.length * 31 + gauge.length);
  const count = valuesMissing ? length >> 1 : length;
  return {
    timesSeconds: Float64Array.from({ length }, (_, i) => clocks[clock]!(i, uniform)),
    values: Float64Array.from({ length: count }, (_, i) => gauges[gauge]!(i, uniform)),
  };
}

function run(usage: GpuUsage, known: Verdict | null = null): { verdict: Verdict; steps: number } {
  const generator = analyseSteps(usage, { known });
  let steps = 0;
  for (;;) {
    const step = generator.next();
    if (step.done === true) return { verdict: step.value, steps };
    steps++;
  }
}

/** 3 windows and 3 since a change, 4 channels each, 2 nulls, 50 pairs of surrogates and 10 other pauses per channel. */
const mostSteps = 6 * 4 * (2 * 50 + 10);
/** Three cycles in an hour, and a little for the refinement. */
const longestPeriodSeconds = 1300;
/** See series/grid: an hour at 10 Hz; the mean interval of more samples gives no more points than samples. */
const mostPoints = 36_001;

const onePoint = { values: Float64Array.of(0), stepSeconds: 1 };

/** Names of the numbers that cannot be. */
function wrongNumbers(verdict: Verdict): string[] {
  const { asOfSeconds, cycle, sampleCount, ...others } = verdict;
  const wrong = Object.entries(others)
    .filter(([, value]) => typeof value === 'number' && !Number.isFinite(value))
    .map(([name]) => name);
  if (!Number.isFinite(asOfSeconds) && sampleCount > 0) wrong.push('asOfSeconds');
  if (cycle === null) return wrong;
  const { periodSeconds, dutyRatio } = cycle;
  if (!(periodSeconds > 0 && periodSeconds <= longestPeriodSeconds)) wrong.push('periodSeconds');
  if (!(dutyRatio >= 0 && dutyRatio <= 1)) wrong.push('dutyRatio');
  return wrong;
}

describe('analysis/fuzz', () => {
  const fuzzed = fc.sample(cases, { numRuns: 400, seed: 5 });

  it('answers whatever it is given, in a bounded number of steps, with numbers that are numbers', () => {
    const failed: object[] = [];
    // What was said of another GPU is as wild as anything to be recognised by.
    let known: Verdict | null = null;
    for (const [length, recipes, memoryTotalMiB, powerLimitWatts] of fuzzed) {
      const channels = Object.fromEntries(
        recipes.flatMap((each, i) =>
          each === null ? [] : [[channelNames[i]!, seriesOf(each, length)]],
        ),
      );
      const facts = { memoryTotalMiB, powerLimitWatts };
      const { verdict, steps } = run({ channels, sampling: 'native', ...facts }, known);
      if (verdict.cycle !== null) known = verdict;
      const wrong = [...wrongNumbers(verdict), ...(steps > mostSteps ? ['steps'] : [])];
      if (wrong.length > 0) failed.push({ wrong, length, recipes, ...facts });
    }
    expect(failed).toEqual([]);
  });

  it.each(Object.keys(clocks))('never grids more points than an hour at 10 Hz: %s', (clock) => {
    for (const length of [2, 3, 600, 10_000]) {
      const series = seriesOf({ clock, gauge: 'sine', valuesMissing: false }, length);
      const { values, stepSeconds } = toGrid(sanitise('util', series)) ?? onePoint;
      expect(values.length).toBeLessThanOrEqual(mostPoints);
      expect(stepSeconds).toBeGreaterThan(0);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });
});

import { describe, expect, it } from 'vitest';
import {
  createDice,
  greyFamilies,
  nullFamilies,
  periodicSeries,
  shapes,
  type Dice,
} from '../../../test/support/synthetic-series.ts';
import type { UsageSeries } from '../verdict.ts';
import { findFastStep } from './fast-step.ts';

function randomTimes(count: number, { uniform }: Dice): Float64Array {
  let time = 0;
  return Float64Array.from({ length: count }, () => (time += 0.5 + uniform()));
}

/** A step that is high for half of its period, whose length jitters. */
function steps(periodSeconds: number, jitter: number, dice: Dice): UsageSeries {
  const timesSeconds = randomTimes(300, dice);
  let start = -periodSeconds * dice.uniform();
  let length = periodSeconds;
  const values = timesSeconds.map((time) => {
    while (time >= start + length) {
      start += length;
      length = periodSeconds * Math.max(0.2, 1 + jitter * dice.normal());
    }
    return time - start < length / 2 ? 95 : 5;
  });
  return { timesSeconds, values };
}

describe('analysis/period/fast-step', () => {
  it.each([0.13, 0.31, 0.66, 0.97, 1.56, 1.9])(
    'finds a step of %d s in samples at random times, a second apart on average',
    (periodSeconds) => {
      for (const jitter of [0, 0.03]) {
        for (let seed = 1; seed <= 5; seed++) {
          const found = findFastStep(steps(periodSeconds, jitter, createDice(seed)))!;
          const error = Math.abs(found.periodSeconds - periodSeconds);
          expect(error).toBeLessThan(Math.max(0.03 * periodSeconds, found.marginSeconds));
          expect(found.pValue).toBeLessThan(1e-4);
        }
      }
    },
  );

  it('finds none in series without a period', () => {
    const found: string[] = [];
    for (const [name, family] of Object.entries({ ...nullFamilies, ...greyFamilies })) {
      for (let seed = 1; seed <= 20; seed++) {
        const dice = createDice(seed);
        const values = family(300, dice);
        const timesSeconds = randomTimes(300, dice);
        if (findFastStep({ timesSeconds, values }) !== null) found.push(`${name} ${seed}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('does not take the harmonics of a slower cycle for one', () => {
    for (const shape of Object.keys(shapes)) {
      for (const periodSeconds of [6, 12, 30]) {
        const sampling = { samples: 300, stepSeconds: 1, irregular: 0.5, jitter: 0.03 };
        const series = periodicSeries({ ...sampling, shape, periodSeconds }, createDice(7));
        expect(findFastStep(series), `${shape} ${periodSeconds}`).toBeNull();
      }
    }
  });

  it('says nothing of even samples, which show an alias as well, nor of few', () => {
    const { timesSeconds, values } = steps(0.66, 0, createDice(1));
    const even = timesSeconds.map((_, i) => i);
    expect(findFastStep({ timesSeconds: even, values })).toBeNull();
    const few = { timesSeconds: timesSeconds.subarray(0, 30), values: values.subarray(0, 30) };
    expect(findFastStep(few)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import {
  conditions,
  createDice,
  evenly,
  periodicSeries,
  shapes,
  type TimedSeries,
} from '../../../test/support/synthetic-series.ts';
import { analyse } from '../analyse.ts';
import type { Verdict } from '../verdict.ts';

interface Steps {
  readonly stepSeconds: number;
  /** Pause after each twenty steps, in steps. */
  readonly pause: number;
  /** Share of a step's length. */
  readonly jitter: number;
  readonly samples: number;
  readonly seed: number;
}

/** Training steps of which 70 % are busy, and a pause for a checkpoint after each twenty; five samples a second. */
function withCheckpoints({ stepSeconds, pause, jitter, samples, seed }: Steps): TimedSeries {
  const { normal, uniform } = createDice(seed);
  let start = -20 * stepSeconds * uniform();
  let length = stepSeconds;
  let number = 0;
  const values = Float64Array.from({ length: samples }, (_, i) => {
    const time = 0.2 * i;
    while (time >= start + length) {
      start += length;
      number++;
      const isPause = number % 21 === 20;
      length = stepSeconds * (isPause ? pause : 1 + jitter * normal());
    }
    const isBusy = number % 21 !== 20 && time - start < 0.7 * length;
    return Math.min(100, Math.max(0, (isBusy ? 90 : 15) + 3 * normal()));
  });
  return evenly(values, 0.2);
}

function judged(util: TimedSeries): Verdict {
  return analyse({ channels: { util }, sampling: 'native' });
}

describe('analysis/period/slower-period', () => {
  /**
   * Measured on 576 series of two seeds not used in the making (steps of 2, 3 and 6 s, pauses of 0.5 to 4 steps, jitter 0 and 5 %): found in 92 % with ten minutes, as
   * four of the slow cycle are needed, and in 99 % with twenty. Within 5 % wherever the pause lasts a step or longer; half a step gives a multiple in a quarter.
   */
  it.each([
    [2, 1, 0],
    [2, 2, 0.05],
    [3, 1, 0.05],
    [6, 2, 0],
  ])(
    'finds the checkpoints on steps of %d s, pauses of %d steps, jitter %d',
    (step, pause, jitter) => {
      for (let seed = 1; seed <= 3; seed++) {
        const steps = { stepSeconds: step, pause, jitter, samples: 6000, seed };
        const { cycle } = judged(withCheckpoints(steps));
        expect(cycle!.periodSeconds / step).toBeCloseTo(1, 1);
        expect(Math.abs(cycle!.slowerPeriodSeconds! / (step * (20 + pause)) - 1)).toBeLessThan(
          0.05,
        );
      }
    },
  );

  /** Measured: 1 of 2,366 series of one period, two seeds alike; at most 0.3 % under any condition. */
  it('finds none on cycles of one period, in whatever condition', () => {
    const found: string[] = [];
    let tested = 0;
    for (const [name, condition] of Object.entries(conditions)) {
      for (const shape of Object.keys(shapes)) {
        for (const cycles of [12, 60]) {
          const options = { shape, samples: 600, stepSeconds: 1, periodSeconds: 600 / cycles };
          const seed = cycles + name.length;
          const { cycle } = judged(periodicSeries({ ...options, ...condition }, createDice(seed)));
          if (cycle === null) continue;
          tested++;
          if (cycle.slowerPeriodSeconds !== null) found.push(`${name}, ${shape}, ${cycles} cycles`);
        }
      }
    }
    expect(tested).toBeGreaterThan(70);
    expect(found.length).toBeLessThanOrEqual(1);
  });

  it('says nothing of it with too little data, nor when the cycle is only tentative', () => {
    const steps = { stepSeconds: 6, pause: 1, jitter: 0, samples: 1500, seed: 1 };
    // 300 s hold two and a half of 126 s.
    expect(judged(withCheckpoints(steps)).cycle!.slowerPeriodSeconds).toBeNull();
    const few = { shape: 'sawtooth', samples: 600, stepSeconds: 0.2, periodSeconds: 33 };
    const tentative = judged(periodicSeries(few, createDice(1)));
    expect(tentative).toMatchObject({ tentative: true, cycle: { slowerPeriodSeconds: null } });
  });
});

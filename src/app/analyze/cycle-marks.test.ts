import { describe, expect, it } from 'vitest';
import { createDice, evenly, periodicSeries } from '../../../test/support/synthetic-series.ts';
import { cycleStarts } from './cycle-marks.ts';

const square = (jitter: number) =>
  periodicSeries(
    { shape: 'square 70 %', samples: 1200, stepSeconds: 0.1, periodSeconds: 13, jitter },
    createDice(3),
  );
/** Where it goes from low to high. */
const rises = ({ timesSeconds, values }: ReturnType<typeof square>): number[] =>
  [...timesSeconds].filter((_, i) => i > 0 && values[i]! > 50 && values[i - 1]! < 50);

describe('app/analyze/cycle-marks', () => {
  it.each([0, 0.05])('marks every rise, the cycles jittering by %f of their length', (jitter) => {
    const series = square(jitter);
    const starts = cycleStarts(series, { fromSeconds: 0, toSeconds: 120 }, 13);
    const wanted = rises(series);

    expect(starts).toHaveLength(wanted.length);
    for (const [i, seconds] of starts.entries()) {
      expect(Math.abs(seconds - wanted[i]!)).toBeLessThan(0.5);
    }
  });

  it('marks none where the load has ended', () => {
    const { values } = square(0);
    const series = evenly(Float64Array.from([...values, ...Array<number>(600).fill(0)]), 0.1);
    const starts = cycleStarts(series, { fromSeconds: 0, toSeconds: 180 }, 13);

    // All of them: in the silence the phase is lost, and found again.
    const wanted = rises(square(0));
    expect(starts).toHaveLength(wanted.length);
    expect(Math.abs(starts.at(-1)! - wanted.at(-1)!)).toBeLessThan(0.5);
  });

  it('keeps to the stretch, and finds nothing in nothing', () => {
    const within = cycleStarts(square(0), { fromSeconds: 40, toSeconds: 90 }, 13);
    expect(within.every((seconds) => seconds >= 40 && seconds <= 97)).toBe(true);
    expect(within.length).toBeGreaterThanOrEqual(3);

    const empty = evenly(new Float64Array(0), 1);
    expect(cycleStarts(empty, { fromSeconds: 0, toSeconds: 100 }, 13)).toEqual([]);
  });
});

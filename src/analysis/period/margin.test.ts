import { describe, expect, it } from 'vitest';
import { createDice, periodicSeries, shapes } from '../../../test/support/synthetic-series.ts';
import { analyse } from '../analyse.ts';
import { periodMargin } from './margin.ts';

function verdictOf(shape: string, jitter: number, cycles: number, seed: number) {
  const periodSeconds = 600 / cycles;
  const options = { shape, samples: 600, stepSeconds: 1, periodSeconds, jitter };
  const util = periodicSeries(options, createDice(seed));
  const { cycle } = analyse({ channels: { util }, sampling: 'native' });
  return { cycle, periodSeconds };
}

/** How often the interval holds the period that the cycles have on average, over all shapes. */
function coverage(jitter: number, cycleCounts: readonly number[], runs: number): number {
  let held = 0;
  let all = 0;
  for (const shape of Object.keys(shapes)) {
    for (const cycles of cycleCounts) {
      for (let run = 0; run < runs; run++) {
        const { cycle, periodSeconds } = verdictOf(shape, jitter, cycles, 7919 * run + cycles);
        const isRight = cycle !== null && Math.abs(cycle.periodSeconds / periodSeconds - 1) < 0.1;
        if (!isRight) continue;
        all++;
        if (Math.abs(cycle.periodSeconds - periodSeconds) <= cycle.periodMarginSeconds) held++;
      }
    }
  }
  return held / all;
}

describe('analysis/period/margin', () => {
  /**
   * Measured over 3,000 series (six shapes, 4.5 to 40 cycles, three samplings, two seeds, none used in the making): 96.5 % hold the true period; 100 % clean, 97 % with
   * cycles jittering by 2 %, 93 % by 5 %, 92 % by 10 %. Half widths at the median: 0.2 to 1.6 % clean, 2 to 8 % with a jitter of 5 %, by the number of cycles.
   */
  it.each([
    [0, 0.97],
    [0.02, 0.9],
    [0.05, 0.88],
  ])(
    'holds the true period, cycles jittering by %d of it',
    (jitter, least) => {
      expect(coverage(jitter, [8, 16, 40], 5)).toBeGreaterThanOrEqual(least);
    },
    30_000,
  );

  it('is narrow where cycles are even, and widens with their jitter', () => {
    const width = (jitter: number): number => {
      const { cycle, periodSeconds } = verdictOf('square 70 %', jitter, 16, 3);
      return cycle!.periodMarginSeconds / periodSeconds;
    };
    expect(width(0)).toBeLessThan(0.005);
    expect(width(0.05)).toBeGreaterThan(0.01);
    expect(width(0.05)).toBeLessThan(0.06);
  });

  it('does not depend on level and size of the values', () => {
    const { values } = periodicSeries(
      { shape: 'sawtooth', samples: 600, stepSeconds: 1, periodSeconds: 30, jitter: 0.05 },
      createDice(1),
    );
    const scaled = values.map((value) => 5000 + 3 * value);
    expect(periodMargin(scaled, 30)).toBeCloseTo(periodMargin(values, 30), 6);
  });

  it('is not known from fewer than three cycles', () => {
    const square = Float64Array.from({ length: 50 }, (_, i) => (i % 20 < 10 ? 90 : 5));
    expect(periodMargin(square, 20)).toBeNaN();
  });

  it('counts averaged samples as what they stand for', () => {
    const square = Float64Array.from({ length: 4000 }, (_, i) => (i % 200 < 100 ? 90 : 5));
    // Averaged by four; an even cycle leaves the rounding of places only.
    expect(periodMargin(square, 200)).toBeGreaterThan(0);
    expect(periodMargin(square, 200)).toBeLessThan(4);
  });
});

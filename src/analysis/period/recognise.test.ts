import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
  type TimedSeries,
} from '../../../test/support/synthetic-series.ts';
import { analyse } from '../analyse.ts';
import { recognition } from '../thresholds.ts';
import type { GpuUsage, Verdict } from '../verdict.ts';

const everySeconds = 10;

function until(series: TimedSeries, endSeconds: number): GpuUsage {
  const { timesSeconds, values } = series;
  const last = timesSeconds.findLastIndex((time) => time <= endSeconds) + 1;
  const util = { timesSeconds: timesSeconds.slice(0, last), values: values.slice(0, last) };
  return { channels: { util }, sampling: 'native' };
}

/** What is said each ten seconds, with what was said before and without. */
function looks(
  series: TimedSeries,
  from: number,
  to: number,
): { readonly knowing: Verdict; readonly fresh: Verdict }[] {
  const pairs: { knowing: Verdict; fresh: Verdict }[] = [];
  for (let end = from; end <= to; end += everySeconds) {
    const usage = until(series, end);
    const known = pairs.at(-1)?.knowing ?? null;
    pairs.push({ knowing: analyse(usage, { known }), fresh: analyse(usage) });
  }
  return pairs;
}

function squares(periodSeconds: number, seed: number, more: object = {}): TimedSeries {
  const options = { shape: 'square 70 %', samples: 700, stepSeconds: 1, periodSeconds };
  return periodicSeries({ ...options, ...more }, createDice(seed));
}

const wasRecognised = ({ cycle }: Verdict): boolean =>
  cycle?.searched !== undefined && cycle.searched.ageSeconds > 0;

describe('analysis/period/recognise', () => {
  it.each([
    ['square 70 %', 14],
    ['noisy sine', 9.3],
    ['sawtooth', 16],
    ['15 % pulses', 20],
  ])('says what a full search says of a %s of %d s, without one', (shape, periodSeconds) => {
    const series = squares(periodSeconds, 5, { shape, jitter: 0.02, irregular: 0.5 });
    const pairs = looks(series, 200, 440);
    for (const { knowing, fresh } of pairs) {
      expect(knowing.pattern).toBe('cyclic');
      expect(fresh.pattern).toBe('cyclic');
      const ratio = knowing.cycle!.periodSeconds / fresh.cycle!.periodSeconds;
      expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
      // A window that grows with the data may end one sample earlier.
      expect(Math.abs(knowing.windowSeconds - fresh.windowSeconds)).toBeLessThan(2);
    }
    expect(pairs.filter(({ knowing }) => wasRecognised(knowing)).length).toBeGreaterThan(18);
  });

  it('searches anew after a while, and carries p until then', () => {
    const pairs = looks(squares(14, 1), 130, 130 + recognition.searchSeconds + 20);
    const [first, before, after] = [pairs[0]!, pairs.at(-4)!, pairs.at(-1)!].map(
      ({ knowing }) => knowing.cycle!,
    );
    expect(first!.searched!.ageSeconds).toBe(0);
    expect(before!.searched).toEqual({ ...first!.searched, ageSeconds: 290 });
    expect(before!.pValue).toBe(first!.pValue);
    expect(after!.searched!.ageSeconds).toBeLessThan(30);
  });

  it('does not hold on to a cycle that has become another or has stopped', () => {
    const before = squares(14, 2, { samples: 300 });
    const faster = squares(6, 3, { samples: 400 });
    const noise = nullFamilies['busy constant, sd 2']!(400, createDice(4));
    for (const values of [faster.values, noise]) {
      const joined = evenly(Float64Array.from([...before.values, ...values.slice(0, 399)]), 1);
      for (const { knowing, fresh } of looks(joined, 250, 690)) {
        if (fresh.asOfSeconds < 450) continue;
        expect(knowing.pattern).toBe(fresh.pattern);
        expect(knowing.cycle?.periodSeconds ?? 0).toBeCloseTo(fresh.cycle?.periodSeconds ?? 0, 1);
      }
    }
  });

  it('sees a changed step in a shorter window, although the longer one still shows the old', () => {
    // Tentative at first, because the shortest window holds three cycles of the first job, so the longer one is taken.
    const before = squares(34, 6, { samples: 400 });
    const after = squares(20, 7, { samples: 300 });
    const joined = evenly(Float64Array.from([...before.values, ...after.values]), 1);
    const pairs = looks(joined, 300, 690);
    expect(pairs[0]!.knowing.windowSeconds).toBeGreaterThan(200);
    const late = pairs.filter(
      ({ knowing, fresh }) =>
        Math.abs(knowing.cycle!.periodSeconds / fresh.cycle!.periodSeconds - 1) > 0.02,
    );
    expect(late.length).toBeLessThanOrEqual(1);
  });

  it('has nothing to recognise in a cycle that was only read somewhere, or is tentative', () => {
    const series = squares(14, 1);
    const said = analyse(until(series, 200));
    const { searched, ...read } = said.cycle!;
    expect(searched).toBeDefined();
    for (const cycle of [read, { ...said.cycle!, cycles: 3.5 }]) {
      const now = analyse(until(series, 210), { known: { ...said, cycle } });
      expect(wasRecognised(now)).toBe(false);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { createDice } from '../../test/support/synthetic-series.ts';
import { samplingOf } from './sampling.ts';

function sampled(intervalSeconds: number, spread: number, lateShare = 0) {
  const { uniform } = createDice(1);
  let time = 0;
  const timesSeconds = Float64Array.from({ length: 400 }, () => {
    const late = uniform() < lateShare ? 5 * intervalSeconds : 0;
    time += intervalSeconds * (1 + spread * (2 * uniform() - 1)) + late;
    return time;
  });
  return { timesSeconds, values: timesSeconds.map(() => 50) };
}

/** As of two GPUs in one series. */
function inPairs() {
  const { uniform } = createDice(2);
  const timesSeconds = Float64Array.from({ length: 400 }, (_, i) => {
    return Math.floor(i / 2) * 1.004 + (i % 2) * (0.001 + 0.005 * uniform());
  });
  return { timesSeconds, values: timesSeconds.map(() => 50) };
}

describe('analysis/sampling', () => {
  it.each([
    ['at random intervals of one second', sampled(1, 0.5), 'native'],
    ['ten times a second', sampled(0.1, 0), 'native'],
    ['five times a second, a little late', sampled(0.203, 0.01), 'native'],
    ['every second', sampled(1, 0), 'scraped'],
    ['every second, with the jitter of a loop', sampled(1, 0.1), 'scraped'],
    ['every second, now and then five late', sampled(1, 0.02, 0.02), 'scraped'],
    ['two at once, each second', inPairs(), 'scraped'],
    ['not at all', undefined, 'scraped'],
  ] as const)('takes samples %s as %s', (_how, series, wanted) => {
    expect(samplingOf(series)).toBe(wanted);
  });
});

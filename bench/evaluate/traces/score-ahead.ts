import { cycleAhead } from '../../../src/analysis/forecast/cycle-ahead.ts';
import { toGrid } from '../../../src/analysis/series/grid.ts';
import { mean } from '../../../src/analysis/series/statistics.ts';
import { count, type Scores } from '../rows/scores.ts';
import { cut, type Trace } from './trace.ts';

/**
 * Utilisation one cycle ahead in segments with a known period: mean absolute error of the continued cycle, and of the better of two naive
 * guesses, the last value and the mean of the last cycle.
 */
export function scoreAhead(trace: Trace, scores: Scores): void {
  for (const segment of trace.segments) {
    const util = cut(trace, segment.fromSeconds, segment.toSeconds).channels.util;
    const grid = util === undefined ? null : toGrid(util);
    if (segment.periodSeconds === null || grid === null) continue;
    const period = segment.periodSeconds / grid.stepSeconds;
    const errors = cyclesAhead(grid.values, period);
    if (errors === null) continue;
    count(scores, 'ahead/ours', errors.ours);
    count(scores, 'ahead/naive', Math.min(errors.last, errors.level));
  }
}

interface Errors {
  ours: number;
  last: number;
  level: number;
}

function cyclesAhead(values: Float64Array, period: number): Errors | null {
  const count = Math.round(period);
  const errors: Errors = { ours: 0, last: 0, level: 0 };
  let cycles = 0;
  if (count < 1) return null;
  for (let at = Math.ceil(2 * period); at + count <= values.length; at += count) {
    const past = values.subarray(0, at);
    const next = values.subarray(at, at + count);
    const level = mean(past.subarray(past.length - count));
    const continued = cycleAhead(past, period, count);
    errors.ours += meanError(next, (i) => continued?.[i] ?? level);
    errors.last += meanError(next, () => past.at(-1)!);
    errors.level += meanError(next, () => level);
    cycles++;
  }
  if (cycles === 0) return null;
  return { ours: errors.ours / cycles, last: errors.last / cycles, level: errors.level / cycles };
}

function meanError(actual: Float64Array, guess: (index: number) => number): number {
  return mean(actual.map((value, i) => Math.abs(value - guess(i))));
}

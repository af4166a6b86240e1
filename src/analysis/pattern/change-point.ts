import { maximum, mean, minimum } from '../series/statistics.ts';
import { changePoint } from '../thresholds.ts';

export interface Split {
  /** First index of the second part. */
  readonly index: number;
  /** Share of the variance that two levels instead of one explain, 0-1. */
  readonly explainedShare: number;
  /** Second level minus first. */
  readonly jump: number;
  /** Share (0-1) of the values that are nearer to the level of the other part than to that of their own. */
  readonly strayShare: number;
}

type Levels = Omit<Split, 'strayShare'>;

interface Sums {
  readonly values: Float64Array;
  /** prefix[i]: sum of the first i values. */
  readonly prefix: Float64Array;
}

/** Levels are means, so they lie no further apart than the values do: most steady series are known to have no change by this. */
function mayChange(values: Float64Array): boolean {
  return maximum(values) - minimum(values) >= changePoint.minJump;
}

function prefixSums(values: Float64Array): Float64Array {
  const prefix = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) prefix[i + 1] = prefix[i]! + values[i]!;
  return prefix;
}

/** Variance of the residual about the two levels, times (1 + phi) / (1 - phi): what a mean of correlated samples really varies by. */
function longRunVariance(
  values: Float64Array,
  range: { readonly from: number; readonly to: number },
  split: number,
  levels: readonly [number, number],
): number {
  let squares = 0;
  let products = 0;
  let before = 0;
  for (let i = range.from; i < range.to; i++) {
    const residual = values[i]! - (i < split ? levels[0] : levels[1]);
    squares += residual * residual;
    if (i > range.from) products += residual * before;
    before = residual;
  }
  if (squares === 0) return 0;
  const phi = Math.min(changePoint.maxPhi, Math.max(0, products / squares));
  return ((squares / (range.to - range.from)) * (1 + phi)) / (1 - phi);
}

function splitOf(sums: Sums, from: number, to: number, minSegment: number): Levels | null {
  const { values, prefix } = sums;
  const n = to - from;
  if (n < 2 * minSegment) return null;
  const total = prefix[to]! - prefix[from]!;
  let gain = 0;
  let index = -1;
  for (let i = from + minSegment; i <= to - minSegment; i++) {
    const left = prefix[i]! - prefix[from]!;
    const difference = left / (i - from) - (total - left) / (to - i);
    const here = (((i - from) * (to - i)) / n) * difference * difference;
    if (here > gain) {
      gain = here;
      index = i;
    }
  }
  if (index < 0) return null;
  const left = (prefix[index]! - prefix[from]!) / (index - from);
  const right = (prefix[to]! - prefix[index]!) / (to - index);
  if (Math.abs(right - left) < changePoint.minJump) return null;
  const noise = longRunVariance(values, { from, to }, index, [left, right]);
  if (gain <= changePoint.penalty * Math.log(n) * noise) return null;
  let squares = 0;
  for (let i = from; i < to; i++) squares += (values[i]! - total / n) ** 2;
  return { index, explainedShare: squares > 0 ? gain / squares : 0, jump: right - left };
}

function leastSegment(n: number): number {
  return Math.max(changePoint.minSegment, Math.ceil(n * changePoint.minSegmentShare));
}

/** The one change of level that explains most, or null when none is beyond what correlated noise does. */
export function findSplit(
  values: Float64Array,
  minJump: number = changePoint.minJump,
): Split | null {
  if (!mayChange(values)) return null;
  const split = splitOf(
    { values, prefix: prefixSums(values) },
    0,
    values.length,
    leastSegment(values.length),
  );
  if (split === null || Math.abs(split.jump) < minJump) return null;
  return { ...split, strayShare: strayShare(values, split) };
}

function strayShare(values: Float64Array, { index, jump }: Levels): number {
  const first = mean(values.subarray(0, index));
  const middle = first + jump / 2;
  let stray = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > middle === (i < index === jump > 0)) stray++;
  }
  return stray / values.length;
}

/** Means over one period, one per starting point: the level of a cyclic series without its cycle. */
function averageOverPeriod(values: Float64Array, periodSamples: number): Float64Array {
  const width = Math.round(periodSamples);
  const prefix = prefixSums(values);
  const levels = new Float64Array(Math.max(0, values.length - width + 1));
  for (let i = 0; i < levels.length; i++) levels[i] = (prefix[i + width]! - prefix[i]!) / width;
  return levels;
}

/**
 * The last change of level by binary segmentation on the mean (Scott and Knott 1974) with a penalty against the long-run variance: the index where the present
 * level begins, 0 without any. For a cyclic series give its period (samples): the cycle's own ups and downs are then averaged out first.
 */
export function lastChange(values: Float64Array, periodSamples = 0): number {
  if (!mayChange(values)) return 0;
  const levels = periodSamples > 0 ? averageOverPeriod(values, periodSamples) : values;
  const minSegment = Math.max(leastSegment(levels.length), Math.ceil(periodSamples));
  const sums = { values: levels, prefix: prefixSums(levels) };
  let from = 0;
  let to = levels.length;
  // The right part is searched first, so that the last change is found; a left part holds only older ones.
  for (;;) {
    const split = splitOf(sums, from, to, minSegment);
    if (split === null) break;
    from = split.index;
    to = levels.length;
  }
  return from === 0 ? 0 : Math.min(values.length - 1, from + Math.floor(periodSamples / 2));
}

import { mean } from '../series/statistics.ts';
import { forecast } from '../thresholds.ts';

/** What is told: the `count` values after the first `end`, from the last `cycles` cycles. */
interface Ahead {
  readonly values: Float64Array;
  readonly end: number;
  readonly periodSamples: number;
  readonly cycles: number;
  readonly count: number;
}

/** Each the mean of what stood there one, two, … `cycles` periods before. */
function meanOfCycles({ values, end, periodSamples, cycles, count }: Ahead): Float64Array {
  const next = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // Whole multiples of the exact period, so that many cycles ahead stay in phase.
    const known = Math.floor(i / periodSamples) + 1;
    let total = 0;
    for (let back = known; back < known + cycles; back++) {
      const at = Math.min(end - 1, Math.max(0, end + i - back * periodSamples));
      const below = Math.floor(at);
      const above = Math.min(end - 1, below + 1);
      total += values[below]! + (values[above]! - values[below]!) * (at - below);
    }
    next[i] = total / cycles;
  }
  return next;
}

/** Zero cycles: no shape, the mean of the last cycle throughout. */
function guess(ahead: Ahead): Float64Array {
  if (ahead.cycles > 0) return meanOfCycles(ahead);
  const { values, end, periodSamples, count } = ahead;
  const last = values.subarray(Math.max(0, end - Math.round(periodSamples)), end);
  return new Float64Array(count).fill(mean(last));
}

/** Mean absolute error of a guess over the last cycles, each told from what came before it; infinite when none has so much before it. */
function pastError(values: Float64Array, periodSamples: number, cycles: number): number {
  const count = Math.round(periodSamples);
  let total = 0;
  let compared = 0;
  for (let back = 1; back <= forecast.cyclesScored; back++) {
    const end = Math.round(values.length - back * periodSamples);
    // Half a sample of tolerance: periods are not whole numbers of samples.
    if (end < Math.max(1, cycles) * periodSamples - 0.5) break;
    const told = guess({ values, end, periodSamples, cycles, count });
    const length = Math.min(count, values.length - end);
    for (let i = 0; i < length; i++) total += Math.abs(told[i]! - values[end + i]!);
    compared += length;
  }
  return compared === 0 ? Infinity : total / compared;
}

/**
 * The next `count` points of a cyclic series: the mean of its last one to four cycles in phase, or their level, whichever would have told the last two cycles
 * best (prequential choice, Dawid 1984). A steady rhythm is averaged, one that wanders is copied from its last cycle, one that broke up is not copied at all.
 * Null when there are not two whole cycles.
 */
export function cycleAhead(
  values: Float64Array,
  periodSamples: number,
  count: number,
): Float64Array | null {
  if (Math.round(periodSamples) < 1 || values.length < 2 * periodSamples) return null;
  let best = 1;
  let smallest = Infinity;
  for (const cycles of forecast.cyclesAveraged) {
    const error = pastError(values, periodSamples, cycles);
    if (error >= smallest) continue;
    smallest = error;
    best = cycles;
  }
  return guess({ values, end: values.length, periodSamples, cycles: best, count });
}

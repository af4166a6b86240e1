import type { UsageSeries } from '../../analysis/verdict.ts';
import { lowerBound } from '../../lib/lower-bound.ts';

/** How far a cycle may begin from where the one after it says, share of the period. */
const searchShare = 0.2;
/** The rise of a cycle is looked for between means over this share of the period. */
const meanShare = 0.15;
const steps = 40;
/** A rise that is less than this share of the highest is none: the load paused or ended there. */
const leastRiseShare = 0.3;

/**
 * Where the cycles of a stretch begin, seconds, ascending: the steepest rises, one per period, found backwards from the end, where the period was measured.
 * Cycles jitter and drift, so each is looked for near where the one after it says; where nothing rises, none begins, and the next is looked for anywhere in a period.
 */
export function cycleStarts(
  series: UsageSeries,
  stretch: { readonly fromSeconds: number; readonly toSeconds: number },
  periodSeconds: number,
): readonly number[] {
  const { fromSeconds, toSeconds } = stretch;
  const rise = riseIn(series, meanShare * periodSeconds);
  const half = periodSeconds / 2;
  const periods: Start[] = [];
  for (let at = toSeconds; at > fromSeconds - half; at -= periodSeconds) {
    const start = steepest(rise, at - half, at + half);
    if (start !== null) periods.push(start);
  }
  const least = leastRiseShare * Math.max(...periods.map(({ height }) => height));
  const found: number[] = [];
  let reach = half;
  for (let at = toSeconds; at > fromSeconds - reach;) {
    const start = steepest(rise, at - reach, at + reach);
    const isRise = start !== null && start.height >= least;
    if (isRise && start.atSeconds >= fromSeconds) found.push(start.atSeconds);
    at = (isRise ? start.atSeconds : at) - periodSeconds;
    reach = isRise ? searchShare * periodSeconds : half;
  }
  return found.toReversed();
}

interface Start {
  readonly atSeconds: number;
  readonly height: number;
}

type Rise = (atSeconds: number) => number | null;

/** Mean over a while after a moment minus mean over as long before it; null where one of them holds no sample. */
function riseIn({ timesSeconds, values }: UsageSeries, whileSeconds: number): Rise {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  const mean = (from: number, to: number): number | null => {
    const [first, end] = [lowerBound(timesSeconds, from), lowerBound(timesSeconds, to)];
    return end > first ? (sums[end]! - sums[first]!) / (end - first) : null;
  };
  return (at) => {
    const before = mean(at - whileSeconds, at);
    const after = mean(at, at + whileSeconds);
    return before === null || after === null ? null : after - before;
  };
}

function steepest(rise: Rise, fromSeconds: number, toSeconds: number): Start | null {
  let best: Start | null = null;
  for (let i = 0; i <= steps; i++) {
    const atSeconds = fromSeconds + ((toSeconds - fromSeconds) * i) / steps;
    const height = rise(atSeconds);
    if (height === null || height <= (best?.height ?? -Infinity)) continue;
    best = { atSeconds, height };
  }
  return best;
}

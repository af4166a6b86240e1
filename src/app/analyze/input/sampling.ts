import { intervalsOf, isRandomised } from '../../../analysis/intervals.ts';
import { aliasing } from '../../../analysis/thresholds.ts';
import type { UsageSeries } from '../../../analysis/verdict.ts';
import { lowerBound } from '../../../lib/lower-bound.ts';

/**
 * As fast as the collector samples (200 ms; a loop that asks for it gets it a little later): the counters themselves average over 1/6 s to 1 s, so what is
 * faster hardly shows.
 */
const fastSeconds = 0.25;

/** Samples that come in bursts are no samples at random times: of those, a quarter of the intervals is never this much shorter than where most of the time goes. */
const leastShortShare = 0.1;

/**
 * Whether a period found in such samples may be believed (native), or may be the alias of a faster one (scraped): samples at even intervals show a cycle faster
 * than they are as a slower one. `series`: any channel of the recording.
 */
export function samplingOf(series: UsageSeries | undefined): 'native' | 'scraped' {
  const intervals = series && intervalsOf(series.timesSeconds);
  if (!intervals) return 'scraped';
  const { quarterSeconds, usualSeconds } = spacingOf(series.timesSeconds);
  if (quarterSeconds < leastShortShare * usualSeconds) return 'scraped';
  return intervals.medianSeconds <= fastSeconds || isRandomised(intervals) ? 'native' : 'scraped';
}

/** The lower quartile of the intervals, and the interval in which half of the time is spent, whatever comes in between. */
function spacingOf(timesSeconds: Float64Array): {
  readonly quarterSeconds: number;
  readonly usualSeconds: number;
} {
  const intervals = new Float64Array(timesSeconds.length - 1);
  for (let i = 0; i < intervals.length; i++) intervals[i] = timesSeconds[i + 1]! - timesSeconds[i]!;
  intervals.sort();
  // A pause of hours is no spacing.
  const longest = aliasing.gapMedians * intervals[Math.floor(0.9 * intervals.length)]!;
  const end = lowerBound(intervals, longest + Number.EPSILON);
  let total = 0;
  for (let i = 0; i < end; i++) total += intervals[i]!;
  let at = 0;
  for (let spent = intervals[0]!; spent < total / 2 && at + 1 < end; spent += intervals[at]!)
    at += 1;
  return { quarterSeconds: intervals[end >> 2]!, usualSeconds: intervals[at]! };
}

import { lowerBound } from '../lib/lower-bound.ts';
import { intervalsOf, isRandomised } from './intervals.ts';
import { aliasing, recordedSampling } from './thresholds.ts';
import type { UsageSeries } from './verdict.ts';

/**
 * Whether a period found in such samples may be believed (native), or may be the alias of a faster one (scraped): samples at even intervals show a cycle faster
 * than they are as a slower one. `series`: any channel of the recording.
 */
export function samplingOf(series: UsageSeries | undefined): 'native' | 'scraped' {
  const intervals = series && intervalsOf(series.timesSeconds);
  if (!intervals) return 'scraped';
  const { quarterSeconds, usualSeconds } = spacingOf(series.timesSeconds);
  if (quarterSeconds < recordedSampling.leastShortShare * usualSeconds) return 'scraped';
  return intervals.medianSeconds <= recordedSampling.fastSeconds || isRandomised(intervals)
    ? 'native'
    : 'scraped';
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

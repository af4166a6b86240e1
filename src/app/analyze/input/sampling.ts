import { intervalsOf, isRandomised } from '../../../analysis/intervals.ts';
import type { UsageSeries } from '../../../analysis/verdict.ts';

/**
 * As fast as the collector samples (200 ms; a loop that asks for it gets it a little later): the counters themselves average over 1/6 s to 1 s, so what is
 * faster hardly shows.
 */
const fastSeconds = 0.25;

/**
 * Whether a period found in such samples may be believed (native), or may be the alias of a faster one (scraped): samples at even intervals show a cycle faster
 * than they are as a slower one. `series`: any channel of the recording.
 */
export function samplingOf(series: UsageSeries | undefined): 'native' | 'scraped' {
  const intervals = series && intervalsOf(series.timesSeconds);
  if (!intervals) return 'scraped';
  return intervals.medianSeconds <= fastSeconds || isRandomised(intervals) ? 'native' : 'scraped';
}

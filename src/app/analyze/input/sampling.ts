import type { UsageSeries } from '../../../analysis/verdict.ts';

/**
 * Coefficient of variation of the intervals from which on they count as randomised: uniform within ±50 %, as the collector samples, it is 0.29;
 * a loop that is late now and then stays below 0.1 but for its few long gaps, which are left out here.
 */
const leastVariation = 0.2;
/**
 * As fast as the collector samples (200 ms; a loop that asks for it gets it a little later): the counters themselves average over 1/6 s to 1 s, so what is
 * faster hardly shows.
 */
const fastSeconds = 0.25;
/** Intervals beyond this many medians are gaps. */
const gapMedians = 2;

/**
 * Whether a period found in such samples may be believed (native), or may be the alias of a faster one (scraped): samples at even intervals show a cycle faster
 * than they are as a slower one. `series`: any channel of the recording.
 */
export function samplingOf(series: UsageSeries | undefined): 'native' | 'scraped' {
  if (series === undefined || series.timesSeconds.length < 3) return 'scraped';
  const intervals = series.timesSeconds.slice(1).map((time, i) => time - series.timesSeconds[i]!);
  const ascending = intervals.toSorted();
  const median = ascending[ascending.length >> 1]!;
  if (median <= fastSeconds) return 'native';
  const usual = intervals.filter((interval) => interval <= gapMedians * median);
  const mean = usual.reduce((sum, each) => sum + each, 0) / usual.length;
  const variance = usual.reduce((sum, each) => sum + (each - mean) ** 2, 0) / usual.length;
  return Math.sqrt(variance) >= leastVariation * mean ? 'native' : 'scraped';
}

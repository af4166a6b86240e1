import type { GpuUsage, UsageSeries } from '../../../src/analysis/verdict.ts';
import { sufficiency } from '../../../src/analysis/thresholds.ts';
import { alnairRule, type AlnairVerdict } from '../alnair-rule.ts';
import type { Segment } from './labels.ts';
import type { Trace } from './trace.ts';

/** Intervals of scrapers that are tried beside the native rate. */
export const scrapeSeconds: readonly number[] = [1, 5, 15, 30];

/** Windows of one length laid end to end into a segment. A window may be a second short, as labels are whole seconds. */
export function* windowsOf(segment: Segment, seconds: number): Generator<[number, number]> {
  const { fromSeconds, toSeconds } = segment;
  for (let from = fromSeconds; from + seconds <= toSeconds + 1; from += seconds) {
    yield [from, from + seconds];
  }
}

export function lengthOf({ fromSeconds, toSeconds }: Segment): number {
  return toSeconds - fromSeconds;
}

/** The periods known to be in a segment: the labelled one and those of the note. */
export function knownPeriods(trace: Trace, segment: Segment): readonly number[] {
  if (segment.pattern !== 'cyclic') return [];
  return [
    ...(segment.periodSeconds === null ? [] : [segment.periodSeconds]),
    ...trace.otherPeriodsSeconds,
  ];
}

/** The series that a rule for one channel is given: utilisation, power where there is none. */
export function mainSeries({ channels }: GpuUsage): UsageSeries | undefined {
  return channels.util ?? channels.power;
}

/** The Alnair rule on the same window. */
export function alnairOf(usage: GpuUsage): AlnairVerdict {
  const series = mainSeries(usage);
  return series === undefined ? { cyclic: false, periodSeconds: Number.NaN } : alnairRule(series);
}

/** Whether a window has so few samples that nobody is asked about it. */
export function isTooThin(usage: GpuUsage): boolean {
  return (mainSeries(usage)?.values.length ?? 0) < sufficiency.minSamples;
}

export function describeWindow(trace: Trace, from: number, to: number): string {
  return `${trace.name} ${from.toFixed(0)}-${to.toFixed(0)} s`;
}

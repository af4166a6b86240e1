import { analyse } from '../../../src/analysis/analyse.ts';
import type { GpuUsage, Verdict } from '../../../src/analysis/verdict.ts';
import { count, type Scores } from '../rows/scores.ts';
import type { Segment } from './labels.ts';
import { cut, pointSample, type Trace } from './trace.ts';
import {
  alnairOf,
  describeWindow,
  knownPeriods,
  lengthOf,
  scrapeSeconds,
  windowsOf,
} from './windows.ts';

/** A period is right within this share of it. */
const tolerance = 0.1;
const leastCycles = 4;
const leastSamplesPerPeriod = 4;
/** A window of two minutes is asked for a cycle it holds three times. */
const leastCyclesInWindow = 3;
const windowSeconds = 120;

function isRight(periodSeconds: number, known: readonly number[]): boolean {
  return known.some((period) => Math.abs(periodSeconds / period - 1) <= tolerance);
}

/** Periods of cyclic segments: whole, in two minutes, and as scrapers would see them. */
export function scoreCycles(trace: Trace, scores: Scores): void {
  for (const segment of trace.segments) {
    const known = knownPeriods(trace, segment);
    if (segment.pattern !== 'cyclic' || lengthOf(segment) <= 0) continue;
    scoreWhole(trace, segment, known, scores);
    scoreShort(trace, segment, known, scores);
    scoreScraped(trace, segment, known, scores);
  }
}

export function isResolvable(
  segment: Segment,
  periodSeconds: number,
  stepSeconds: number,
): boolean {
  return (
    lengthOf(segment) / periodSeconds >= leastCycles &&
    periodSeconds / stepSeconds >= leastSamplesPerPeriod
  );
}

function scoreWhole(
  trace: Trace,
  segment: Segment,
  known: readonly number[],
  scores: Scores,
): void {
  const { fromSeconds, toSeconds, periodSeconds } = segment;
  const isMain =
    periodSeconds !== null && isResolvable(segment, periodSeconds, trace.samplingSeconds);
  const isSecond =
    !isMain && known.some((period) => isResolvable(segment, period, trace.samplingSeconds));
  count(scores, 'skipped/cyclic', !isMain);
  if (!isMain && !isSecond) return;
  const usage = cut(trace, fromSeconds, toSeconds);
  const verdict = analyse(usage);
  const right = countPeriod(scores, isMain ? 'whole' : 'whole-second', usage, verdict, known);
  if (right) return;
  scores.misses.push({
    row: isMain ? 'real_cyclic_right' : 'real_cyclic_second_period_right',
    text: `${describeWindow(trace, fromSeconds, toSeconds)}: ${inWords(verdict)}, known ${known.join(' or ')} s`,
  });
}

function scoreShort(
  trace: Trace,
  segment: Segment,
  known: readonly number[],
  scores: Scores,
): void {
  const fitting = known.filter((period) => windowSeconds / period >= leastCyclesInWindow);
  if (fitting.length === 0) return;
  for (const [from, to] of windowsOf(segment, windowSeconds)) {
    const usage = cut(trace, from, to);
    const verdict = analyse(usage);
    if (countPeriod(scores, '2min', usage, verdict, known)) continue;
    scores.misses.push({
      row: 'real_cyclic_right_2min',
      text: `${describeWindow(trace, from, to)}: ${inWords(verdict)}, known ${known.join(' or ')} s`,
    });
  }
}

function scoreScraped(
  trace: Trace,
  segment: Segment,
  known: readonly number[],
  scores: Scores,
): void {
  const { fromSeconds, toSeconds, periodSeconds } = segment;
  for (const seconds of scrapeSeconds) {
    if (seconds < trace.samplingSeconds || periodSeconds === null) continue;
    if (!isResolvable(segment, periodSeconds, seconds)) continue;
    const usage = pointSample(cut(trace, fromSeconds, toSeconds), seconds);
    countPeriod(scores, `scraped-${seconds}s`, usage, analyse(usage), known);
  }
}

/** Whether the period is right. */
export function countPeriod(
  scores: Scores,
  name: string,
  usage: GpuUsage,
  { cycle }: Verdict,
  known: readonly number[],
): boolean {
  const alnair = alnairOf(usage);
  const right = cycle !== null && isRight(cycle.periodSeconds, known);
  count(scores, `real-cyclic/${name}/found`, cycle !== null, alnair.cyclic);
  count(scores, `real-cyclic/${name}/right`, right, isRight(alnair.periodSeconds, known));
  return right;
}

export function inWords({ pattern, cycle }: Verdict): string {
  return cycle === null ? pattern : `${pattern} ${cycle.periodSeconds.toFixed(2)} s`;
}

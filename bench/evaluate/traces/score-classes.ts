import { analyse } from '../../../src/analysis/analyse.ts';
import type { GpuUsage, Pattern, Verdict } from '../../../src/analysis/verdict.ts';
import { maximum } from '../../../src/analysis/series/statistics.ts';
import { classes, detector } from '../../../src/analysis/thresholds.ts';
import { count, type Scores } from '../rows/scores.ts';
import { classGrid, shippedIndex } from './class-grid.ts';
import type { Segment } from './labels.ts';
import { gridName } from './leave-one-out.ts';
import { cut, type Trace } from './trace.ts';
import { views } from './views.ts';
import { describeWindow, isTooThin, knownPeriods, lengthOf, windowsOf } from './windows.ts';

/** Name in the rows → length; null: the whole segment. */
const windowLengths: Readonly<Record<string, number | null>> = {
  '2min': 120,
  '5min': 300,
  '10min': 600,
  segment: null,
};
/** A window that holds a cycle less often cannot show it. */
const leastCycles = 3;

/** Classes that the thresholds of the grid tell apart; whatever else a window is, no threshold changes. */
const telling: readonly Pattern[] = ['steady', 'bursty', 'others', 'transition'];

/**
 * The share of windows with the right class, per window and as a mean over traces. Left out, and counted: segments shorter than the window, windows with
 * fewer than 24 samples, and windows of cyclic segments that hold no known cycle three times. The first and the last length also with each combination of thresholds.
 */
export function scoreClasses(trace: Trace, scores: Scores): void {
  for (const [name, seconds] of Object.entries(windowLengths)) {
    const rights: boolean[][] = [];
    const shown: boolean[] = [];
    for (const segment of trace.segments) {
      const windows = [...windowsIn(segment, seconds)];
      if (windows.length === 0) count(scores, `skipped/class_${name}`, true);
      for (const [from, to] of windows) {
        const usage = cut(trace, from, to);
        const skipped = isTooThin(usage) || !showsItsCycle(trace, segment, to - from);
        count(scores, `skipped/class_${name}`, skipped);
        if (skipped) continue;
        const verdict = analyse(usage);
        const right = isAccepted(trace, segment, verdict);
        rights.push(isGridRow(name) ? rightsByGrid(trace, segment, usage, verdict) : [right]);
        if (showsItsBursts(segment, usage)) shown.push(right);
        count(scores, `class/${name}/window`, right);
        count(scores, `class/${name}/label/${segment.pattern}`, right);
        if (right) continue;
        scores.misses.push({
          row: `class_accuracy_${name}`,
          text: `${describeWindow(trace, from, to)}: ${verdict.pattern}, labelled ${segment.pattern}`,
        });
      }
    }
    if (shown.length > 0)
      count(scores, `class/${name}/shown`, shown.filter(Boolean).length / shown.length);
    if (rights.length === 0) continue;
    const shareOf = (index: number): number =>
      rights.filter((each) => each[index] === true).length / rights.length;
    if (!isGridRow(name)) {
      count(scores, `class/${name}/trace`, shareOf(0));
      continue;
    }
    count(scores, `class/${name}/trace`, shareOf(shippedIndex));
    for (const index of classGrid.keys()) {
      count(scores, gridName(index, name, trace.source), shareOf(index));
    }
  }
}

function isGridRow(name: string): boolean {
  return name === '2min' || name === 'segment';
}

function rightsByGrid(
  trace: Trace,
  segment: Segment,
  usage: GpuUsage,
  verdict: Verdict,
): boolean[] {
  const isOpen = telling.includes(verdict.pattern);
  return classGrid.map((limits, index) => {
    const own = isOpen && index !== shippedIndex ? analyse(usage, { limits }) : verdict;
    return isAccepted(trace, segment, own);
  });
}

/** The same windows as other loggers would have recorded them: without utilisation, with nothing else, more slowly. */
export function scoreViews(trace: Trace, scores: Scores): void {
  for (const [view, seenBy] of Object.entries(views)) {
    for (const name of ['2min', 'segment']) {
      const rights = trace.segments.flatMap((segment) =>
        [...windowsIn(segment, windowLengths[name]!)].flatMap(([from, to]) => {
          const usage = seenBy(cut(trace, from, to));
          if (usage === null || isTooThin(usage)) return [];
          if (!showsItsCycle(trace, segment, to - from, stepOf(usage))) return [];
          const verdict = analyse(usage);
          const right = isAccepted(trace, segment, verdict);
          if (!right)
            scores.misses.push({
              row: `class_accuracy_${name}_${view}`,
              text: `${describeWindow(trace, from, to)}: ${verdict.pattern}, labelled ${segment.pattern}`,
            });
          return [right];
        }),
      );
      if (rights.length === 0) continue;
      count(scores, `class/${name}/view/${view}`, rights.filter(Boolean).length / rights.length);
    }
  }
}

function windowsIn(segment: Segment, seconds: number | null): Iterable<[number, number]> {
  if (lengthOf(segment) <= 0) return [];
  if (seconds === null) return [[segment.fromSeconds, segment.toSeconds]];
  return windowsOf(segment, seconds);
}

function showsItsCycle(trace: Trace, segment: Segment, seconds: number, stepSeconds = 0): boolean {
  if (segment.pattern !== 'cyclic') return true;
  const known = knownPeriods(trace, segment);
  if (known.length === 0) return true;
  return known.some(
    (period) =>
      seconds / period >= leastCycles && period >= detector.minPeriodSamples * stepSeconds,
  );
}

/** A window of a load with bursts in which nothing runs is idle, whatever the load is called. */
function showsItsBursts({ pattern }: Segment, { channels }: GpuUsage): boolean {
  if (pattern !== 'bursty' || channels.util === undefined) return true;
  return maximum(channels.util.values) > classes.idleP97;
}

/** Mean interval of the samples, seconds. */
function stepOf({ channels }: GpuUsage): number {
  const { timesSeconds } = Object.values(channels)[0]!;
  return (timesSeconds.at(-1)! - timesSeconds[0]!) / (timesSeconds.length - 1);
}

/** Labels are coarser than classes in one place (idle: held or not) and finer in none; `others` is what fits no named class. */
function isAccepted(trace: Trace, { pattern: label }: Segment, { pattern }: Verdict): boolean {
  switch (label) {
    case 'steady':
      // Training labelled steady has iterations that are only sometimes visible.
      return pattern === 'steady' || (trace.job === 'training' && pattern === 'cyclic');
    case 'idle':
      return pattern === 'idle' || pattern === 'alloc-idle';
    case 'others':
      return pattern === 'others' || pattern === 'transition';
    default:
      return pattern === label;
  }
}

import { analyse } from '../../../src/analysis/analyse.ts';
import type { Verdict } from '../../../src/analysis/verdict.ts';
import { count, type Scores } from '../rows/scores.ts';
import type { Segment } from './labels.ts';
import { cut, type Trace } from './trace.ts';
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

/**
 * The share of windows with the right class, per window and as a mean over traces. Left out, and counted: segments shorter than the window, windows with
 * fewer than 24 samples, and windows of cyclic segments that hold no known cycle three times.
 */
export function scoreClasses(trace: Trace, scores: Scores): void {
  for (const [name, seconds] of Object.entries(windowLengths)) {
    let hits = 0;
    let total = 0;
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
        total++;
        if (right) hits++;
        count(scores, `class/${name}/window`, right);
        count(scores, `class/${name}/label/${segment.pattern}`, right);
        if (right) continue;
        scores.misses.push({
          row: `class_accuracy_${name}`,
          text: `${describeWindow(trace, from, to)}: ${verdict.pattern}, labelled ${segment.pattern}`,
        });
      }
    }
    if (total > 0) count(scores, `class/${name}/trace`, hits / total);
  }
}

function windowsIn(segment: Segment, seconds: number | null): Iterable<[number, number]> {
  if (lengthOf(segment) <= 0) return [];
  if (seconds === null) return [[segment.fromSeconds, segment.toSeconds]];
  return windowsOf(segment, seconds);
}

function showsItsCycle(trace: Trace, segment: Segment, seconds: number): boolean {
  if (segment.pattern !== 'cyclic') return true;
  const known = knownPeriods(trace, segment);
  return known.length === 0 || known.some((period) => seconds / period >= leastCycles);
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

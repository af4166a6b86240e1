import { analyse } from '../../../src/analysis/analyse.ts';
import type { GpuUsage } from '../../../src/analysis/verdict.ts';
import { count, type Scores } from '../rows/scores.ts';
import type { Segment } from './labels.ts';
import { cut, pointSample, type Trace } from './trace.ts';
import {
  alnairOf,
  describeWindow,
  isTooThin,
  lengthOf,
  scrapeSeconds,
  windowsOf,
} from './windows.ts';

const idlePatterns: readonly string[] = ['idle', 'alloc-idle'];
const windowsSeconds: readonly number[] = [120, 300, 600];

/** What is known to have no cycle, and how often it is called cyclic. */
export function scoreNegatives(trace: Trace, scores: Scores): void {
  for (const segment of trace.segments) {
    if (lengthOf(segment) <= 0) continue;
    if (idlePatterns.includes(segment.pattern)) scoreIdle(trace, segment, scores);
    else if (segment.pattern !== 'cyclic') scoreBusy(trace, segment, scores);
  }
}

/** Windows of 2, 5 and 10 minutes and the whole, at the native rate and scraped. */
function scoreIdle(trace: Trace, segment: Segment, scores: Scores): void {
  const whole: [number, number] = [segment.fromSeconds, segment.toSeconds];
  const windows = windowsSeconds.flatMap((seconds) => [...windowsOf(segment, seconds)]);
  for (const [from, to] of [...windows, whole]) {
    const usage = cut(trace, from, to);
    countCalled(scores, 'real_idle_called_cyclic', usage, describeWindow(trace, from, to));
    for (const seconds of scrapeSeconds) {
      if (seconds < trace.samplingSeconds) continue;
      const scraped = pointSample(usage, seconds);
      const text = `${describeWindow(trace, from, to)} scraped at ${seconds} s`;
      countCalled(scores, 'real_idle_called_cyclic_scraped', scraped, text);
    }
  }
}

function scoreBusy(trace: Trace, segment: Segment, scores: Scores): void {
  const { fromSeconds, toSeconds, pattern } = segment;
  const usage = cut(trace, fromSeconds, toSeconds);
  const isTraining = trace.job === 'training';
  // Whether training labelled steady cycles is not known: its iterations may be visible.
  const isHidden = pattern === 'steady' && (isTraining || trace.job === '');
  const text = describeWindow(trace, fromSeconds, toSeconds);
  if (isTooThin(usage)) {
    count(scores, 'skipped/busy', true);
    return;
  }
  count(scores, 'skipped/busy', false);
  if (isHidden) {
    countCalled(scores, 'real_steady_training_called_cyclic', usage, text);
    return;
  }
  countCalled(scores, 'real_negatives_called_cyclic', usage, text);
  // Without a known job it cannot be told whether it counts here.
  if (isTraining || trace.job === '') return;
  countCalled(scores, 'real_busy_called_cyclic', usage, text);
}

function countCalled(scores: Scores, row: string, usage: GpuUsage, text: string): void {
  const { pattern, cycle } = analyse(usage);
  count(scores, row, pattern === 'cyclic', alnairOf(usage).cyclic);
  if (pattern !== 'cyclic') return;
  scores.misses.push({
    row,
    text: `${text}: cyclic ${cycle?.periodSeconds.toFixed(2)} s in ${cycle?.channel}, p ${cycle?.pValue.toExponential(1)}`,
  });
}

import { analyse } from '../../../src/analysis/analyse.ts';
import { count, type Scores } from '../rows/scores.ts';
import type { Segment } from './labels.ts';
import { countPeriod, inWords, isResolvable } from './score-cycles.ts';
import { cut, type Trace } from './trace.ts';
import { describeWindow, knownPeriods } from './windows.ts';

/** What the analysis may look back on. */
const historySeconds = 3600;
/** So long after a job ended it should be seen. */
const afterSeconds: readonly number[] = [60, 120];

/** Nobody tells the product where a segment begins: the same questions with everything that came before it in the data. */
export function scoreHistory(trace: Trace, scores: Scores): void {
  for (const segment of trace.segments) {
    scoreCycle(trace, segment, scores);
    scoreEndOfJob(trace, segment, scores);
  }
}

function scoreCycle(trace: Trace, segment: Segment, scores: Scores): void {
  const { toSeconds, periodSeconds, pattern } = segment;
  if (pattern !== 'cyclic' || periodSeconds === null) return;
  if (!isResolvable(segment, periodSeconds, trace.samplingSeconds)) return;
  const usage = cut(trace, toSeconds - historySeconds, toSeconds);
  const known = knownPeriods(trace, segment);
  const verdict = analyse(usage);
  if (countPeriod(scores, 'history', usage, verdict, known)) return;
  scores.misses.push({
    row: 'real_cyclic_right_with_history',
    text: `${describeWindow(trace, trace.startSeconds, toSeconds)}: ${inWords(verdict)}, known ${known.join(' or ')} s`,
  });
}

function scoreEndOfJob(trace: Trace, segment: Segment, scores: Scores): void {
  const { fromSeconds, toSeconds, pattern } = segment;
  const isAfterSomething = trace.segments.some((other) => other.toSeconds <= fromSeconds);
  if (!['idle', 'alloc-idle'].includes(pattern) || !isAfterSomething) return;
  for (const seconds of afterSeconds) {
    const at = fromSeconds + seconds;
    if (at > toSeconds) continue;
    const verdict = analyse(cut(trace, at - historySeconds, at));
    const right = verdict.pattern === 'idle' || verdict.pattern === 'alloc-idle';
    count(scores, `end-of-job/${seconds}s`, right);
    if (right) continue;
    scores.misses.push({
      row: `idle_seen_${seconds}s_after_job`,
      text: `${describeWindow(trace, fromSeconds, at)}: ${inWords(verdict)}`,
    });
  }
}

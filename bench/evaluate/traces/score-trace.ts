import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { count, emptyScores, type Scores } from '../rows/scores.ts';
import type { Label } from './labels.ts';
import { scoreAhead } from './score-ahead.ts';
import { scoreClasses, scoreViews } from './score-classes.ts';
import { scoreCycles } from './score-cycles.ts';
import { scoreHistory } from './score-history.ts';
import { scoreMemory } from './score-memory.ts';
import { scoreNegatives } from './score-negatives.ts';
import { parseSeries, toTrace, type Trace } from './trace.ts';

export interface TraceJob {
  readonly kind: 'trace';
  readonly folder: string;
  readonly label: Label;
}

/** Everything that one recorded series can tell. A file that cannot be read, or holds no samples, is counted as skipped. */
export function scoreTraceFile({ folder, label }: TraceJob): Scores {
  const scores = emptyScores();
  const trace = readTrace(folder, label);
  count(scores, 'skipped/traces', trace === null);
  if (trace === null) {
    scores.misses.push({ row: 'skipped', text: `${label.file}: no samples in it` });
    return scores;
  }
  scoreTrace(trace, scores);
  return scores;
}

export function readTrace(folder: string, label: Label): Trace | null {
  let text: string;
  try {
    text = readFileSync(join(folder, label.file), 'utf8');
  } catch {
    return null;
  }
  return toTrace(label, parseSeries(text));
}

export function scoreTrace(trace: Trace, scores: Scores): void {
  scoreCycles(trace, scores);
  scoreHistory(trace, scores);
  scoreNegatives(trace, scores);
  scoreClasses(trace, scores);
  scoreViews(trace, scores);
  scoreMemory(trace, scores);
  scoreAhead(trace, scores);
}

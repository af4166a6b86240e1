import { analyse } from '../../../src/analysis/analyse.ts';
import { maximum } from '../../../src/analysis/series/statistics.ts';
import { classes } from '../../../src/analysis/thresholds.ts';
import { count, keep, type Scores } from '../rows/scores.ts';
import { cut, type Trace } from './trace.ts';
import { describeWindow } from './windows.ts';

const horizonSeconds = 120;
/** What the analysis may look back on. */
const historySeconds = 3600;
/**
 * `memory_bound_over` is the mean over windows in which more is used than an idle GPU may hold: relative to next to nothing (0 MiB on an empty GPU) every margin
 * is hundredfold. Nothing is hidden by that: `_pooled` has all windows, memory bounded over memory used.
 */
const leastUsedMiB = classes.idleMemoryMiB;

/** The bound for the next two minutes against what they then used, every two minutes of the trace. */
export function scoreMemory(trace: Trace, scores: Scores): void {
  const memory = trace.channels.memUsed;
  count(scores, 'skipped/memory', memory === undefined);
  if (memory === undefined) return;
  const start = memory.timesSeconds[0]!;
  const end = memory.timesSeconds.at(-1)!;
  let broken = 0;
  let total = 0;
  for (let at = start + horizonSeconds; at + horizonSeconds <= end; at += horizonSeconds) {
    const bound = analyse(cut(trace, at - historySeconds, at)).nextMemUsedMaxMiB;
    const next = cut(trace, at + 1e-6, at + horizonSeconds).channels.memUsed;
    if (bound === null || next === undefined) continue;
    const used = maximum(next.values);
    total++;
    if (used > bound) {
      broken++;
      scores.misses.push({
        row: 'memory_bound_broken',
        text: `${describeWindow(trace, at, at + horizonSeconds)}: used ${used.toFixed(0)} MiB, bound ${bound.toFixed(0)}`,
      });
    }
    count(scores, 'memory/broken', used > bound);
    count(scores, 'memory/bounded', bound);
    count(scores, 'memory/used', used);
    count(scores, 'skipped/memory_over', used <= leastUsedMiB);
    if (used > leastUsedMiB) keep(scores, 'memory/over', bound / used - 1);
  }
  if (total > 0) count(scores, 'memory/broken-per-trace', broken / total);
}

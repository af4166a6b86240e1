import { mean, percentile, shareBelow, sorted } from '../series/statistics.ts';
import { classes } from '../thresholds.ts';
import type { Pattern } from '../verdict.ts';
import { findSplit } from './change-point.ts';
import { classConfidence } from './confidence.ts';
import { idleMemoryMiB } from './idle-memory.ts';

export interface Classified {
  readonly pattern: Pattern;
  readonly confidence: number;
}

/**
 * Idle or held idle, or null when the GPU works. `util`: percent, one window. Memory: median of the window, null when unknown (then nothing is known to be held).
 */
export function classifyIdle(
  util: Float64Array,
  memUsedMedianMiB: number | null,
  memoryTotalMiB: number | undefined,
): Classified | null {
  const average = mean(util);
  if (average > classes.idleMean) return null;
  const p97 = average === 0 ? 0 : percentile(sorted(util), 97);
  if (p97 > classes.idleP97) return null;
  const isHeld = memUsedMedianMiB !== null && memUsedMedianMiB > idleMemoryMiB(memoryTotalMiB);
  const margin = 1 - Math.max(p97 / classes.idleP97, average / classes.idleMean);
  return {
    pattern: isHeld ? 'alloc-idle' : 'idle',
    confidence: classConfidence(margin, util.length),
  };
}

/** The class of a window in which the GPU works and nothing repeats. `util`: percent. */
export function classifyBusy(util: Float64Array): Classified {
  const n = util.length;
  const split = findSplit(util);
  if (split !== null && split.explainedShare > classes.transitionExplained) {
    const margin =
      (split.explainedShare - classes.transitionExplained) / (1 - classes.transitionExplained);
    return { pattern: 'transition', confidence: classConfidence(margin, n) };
  }
  const ascending = sorted(util);
  const p95 = percentile(ascending, 95);
  const lowShare = shareBelow(util, Math.max(classes.burstyLow, classes.burstyLowShareOfP95 * p95));
  if (p95 >= classes.burstyP95 && lowShare >= classes.burstyShare) {
    const margin = (lowShare - classes.burstyShare) / classes.burstyShare;
    return { pattern: 'bursty', confidence: classConfidence(margin, n) };
  }
  const spread = percentile(ascending, 90) - percentile(ascending, 10);
  const limit = Math.max(
    classes.steadySpread,
    classes.steadySpreadShare * percentile(ascending, 50),
  );
  const zeroShare = shareBelow(util, classes.idleP97);
  if (spread <= limit && zeroShare <= classes.steadyZeroShare) {
    const margin = Math.min(1 - spread / limit, 1 - zeroShare / classes.steadyZeroShare);
    return { pattern: 'steady', confidence: classConfidence(margin, n) };
  }
  return { pattern: 'others', confidence: classConfidence(0, n) };
}

/** The class of a window with a cycle in it that has come to its end: between two states, unless what followed is steady all through. */
export function classifyEnded(busy: Classified, samples: number): Classified {
  if (busy.pattern === 'steady' || busy.pattern === 'transition') return busy;
  return { pattern: 'transition', confidence: classConfidence(0, samples) };
}

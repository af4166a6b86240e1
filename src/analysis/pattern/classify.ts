import type { GridSeries } from '../series/grid.ts';
import { deviation, maximum, mean, percentile, sorted } from '../series/statistics.ts';
import { changePoint, classes, type ClassThresholds } from '../thresholds.ts';
import type { Pattern } from '../verdict.ts';
import type { Activity } from './activity.ts';
import { findSplit, type Split } from './change-point.ts';
import { classConfidence } from './confidence.ts';
import { gapShare } from './gaps.ts';
import { idleMemoryMiB } from './idle-memory.ts';
import { holdsLevel } from './level.ts';

export interface Classified {
  readonly pattern: Pattern;
  readonly confidence: number;
}

/** The samples that a class is decided on: percent, at even steps. */
export type ClassWindow = Pick<GridSeries, 'values' | 'stepSeconds'>;

/**
 * Idle or held idle, or null when the GPU works. `values`: percent, one window. Memory: median of the window, null when unknown (then nothing is known to be held).
 */
export function classifyIdle(
  values: Float64Array,
  memory: { readonly usedMiB: number | null; readonly totalMiB: number | undefined },
  limits: Pick<Activity, 'idleP97' | 'idleMean'> = classes,
): Classified | null {
  const average = mean(values);
  if (average > limits.idleMean) return null;
  const p97 = average === 0 ? 0 : percentile(sorted(values), 97);
  if (p97 > limits.idleP97) return null;
  const isHeld = memory.usedMiB !== null && memory.usedMiB > idleMemoryMiB(memory.totalMiB);
  const margin = 1 - Math.max(p97 / limits.idleP97, average / limits.idleMean);
  return {
    pattern: isHeld ? 'alloc-idle' : 'idle',
    confidence: classConfidence(margin, values.length),
  };
}

/** What is peculiar to that which the samples are of. */
export type Traits = Pick<Activity, 'idleP97' | 'minJump'>;

const utilisation: Traits = { idleP97: classes.idleP97, minJump: changePoint.minJump };

/** The class of a window in which the GPU works and nothing repeats. */
export function classifyBusy(
  window: ClassWindow,
  limits: ClassThresholds = classes,
  { idleP97, minJump }: Traits = utilisation,
): Classified {
  const { values } = window;
  const n = values.length;
  const split = findSplit(values, minJump);
  if (split !== null && isOneChange(split, limits)) {
    const margin =
      (split.explainedShare - limits.transitionExplained) / (1 - limits.transitionExplained);
    return { pattern: 'transition', confidence: classConfidence(margin, n) };
  }
  const ascending = sorted(values);
  const gap = Math.max(
    limits.gapPercent,
    idleP97,
    limits.gapShareOfP95 * percentile(ascending, 95),
  );
  const gaps = gapShare(window, gap);
  const variation = deviation(values) / mean(values);
  const isBursty = gaps >= limits.burstyShare || variation >= limits.burstyVariation;
  if (isBursty && maximum(values) >= limits.burstyPeak) {
    const margin = Math.max(gaps / limits.burstyShare, variation / limits.burstyVariation) - 1;
    return { pattern: 'bursty', confidence: classConfidence(margin, n) };
  }
  return classifyEven(window, ascending, { ...limits, idleP97 });
}

/** A load that goes back to its first level for a while has not changed, it comes in bursts. */
function isOneChange({ explainedShare, strayShare }: Split, limits: ClassThresholds): boolean {
  return explainedShare > limits.transitionExplained && strayShare <= changePoint.mostStrayShare;
}

/** Steady: flat, or fluctuating around one level; others: the rest. */
function classifyEven(
  window: ClassWindow,
  ascending: Float64Array,
  limits: ClassThresholds,
): Classified {
  const n = ascending.length;
  const spread = percentile(ascending, 90) - percentile(ascending, 10);
  const flat = Math.max(limits.steadySpread, limits.steadySpreadShare * percentile(ascending, 50));
  const pauses = gapShare(window, limits.idleP97);
  const isFlat = spread <= flat;
  if (pauses > limits.steadyGapShare || !(isFlat || holdsLevel(window.values, limits.levelShare))) {
    return { pattern: 'others', confidence: classConfidence(0, n) };
  }
  // What fluctuates widely is steady on the edge.
  const margin = Math.min(1 - spread / flat, 1 - pauses / limits.steadyGapShare);
  return { pattern: 'steady', confidence: classConfidence(margin, n) };
}

/** The class of a window with a cycle in it that has come to its end: between two states, unless what followed is steady all through. */
export function classifyEnded(busy: Classified, samples: number): Classified {
  if (busy.pattern === 'steady' || busy.pattern === 'transition') return busy;
  return { pattern: 'transition', confidence: classConfidence(0, samples) };
}

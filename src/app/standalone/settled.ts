import type { GpuView } from './gpu-view.ts';

/** A cycle of 16 s has been seen four times after 64 s; with `--once` nobody waits much longer than that for a verdict. */
const onceWithinMs = 100_000;
const settledSeconds = 80;

/** How long `--once` waits at most; `durationMs` 0: not given. */
export function onceLimitMs(durationMs: number): number {
  return durationMs || onceWithinMs;
}

/** Idle and cyclic show themselves early; a period may take longer to be sure, and any other verdict may still turn out to be a slow cycle. */
export function isSettled({ verdict }: Pick<GpuView, 'verdict'>): boolean {
  if (verdict === null) return false;
  const isCyclic = verdict.pattern === 'cyclic';
  if (isCyclic && verdict.tentative) return false;
  if (verdict.pattern.endsWith('idle') || verdict.windowSeconds >= settledSeconds) return true;
  return isCyclic && !verdict.periodUnresolved;
}

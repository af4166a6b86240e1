import type { GpuView } from './gpu-view.ts';

/**
 * What one GPU is doing, for people: the pattern, but a stall, a lost GPU and memory that is held for nothing are
 * states of their own. Most urgent first; the first three need attention.
 */
export const usageStates = [
  'stalled',
  'lost',
  'held-idle',
  'cyclic',
  'steady',
  'bursty',
  'transition',
  'others',
  'unknown',
  'watching',
  'idle',
] as const;
export type UsageState = (typeof usageStates)[number];

/** In counts: `2 held idle`. */
export const stateTerms: Readonly<Record<UsageState, string>> = {
  stalled: 'stalled',
  lost: 'lost',
  'held-idle': 'held idle',
  cyclic: 'cyclic',
  steady: 'steady',
  bursty: 'bursty',
  transition: 'transition',
  others: 'others',
  unknown: 'unknown',
  watching: 'without a verdict yet',
  idle: 'idle',
};

const needingAttention: readonly UsageState[] = ['stalled', 'lost', 'held-idle'];

export function usageState({ up, verdict }: Pick<GpuView, 'up' | 'verdict'>): UsageState {
  if (!up) return 'lost';
  if (verdict === null || verdict.pattern === 'insufficient') return 'watching';
  if (verdict.stall) return 'stalled';
  if (verdict.pattern === 'alloc-idle') return 'held-idle';
  return usageStates.find((state) => state === verdict.pattern) ?? 'unknown';
}

export function needsAttention(state: UsageState): boolean {
  return needingAttention.includes(state);
}

/** What needs attention first, the most urgent of it on top; the rest by index. */
export function byAttention(
  a: Pick<GpuView, 'state' | 'index'>,
  b: Pick<GpuView, 'state' | 'index'>,
): number {
  const rank = ({ state }: Pick<GpuView, 'state'>): number =>
    needsAttention(state) ? usageStates.indexOf(state) : usageStates.length;
  return rank(a) - rank(b) || a.index - b.index;
}

/** `1 stalled, 2 held idle, 5 cyclic`: the most urgent first. */
export function stateCounts(gpus: readonly Pick<GpuView, 'state'>[]): string {
  return usageStates
    .map((state) => ({ state, count: gpus.filter((gpu) => gpu.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${stateTerms[state]}`)
    .join(', ');
}

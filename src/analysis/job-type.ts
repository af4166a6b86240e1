import type { JobType, Verdict } from './verdict.ts';

/**
 * The job type that a pattern stands for; null for `insufficient`, which says nothing. DLT (deep-learning training) only when firmly cyclic: a cycle seen
 * less than four times may be chance. Cyclic is not proof of training (batched inference cycles too); it is what can be seen from outside.
 */
export function jobTypeOf(verdict: Pick<Verdict, 'pattern' | 'tentative'>): JobType | null {
  switch (verdict.pattern) {
    case 'cyclic':
      return verdict.tentative ? 'Others' : 'DLT';
    case 'idle':
    case 'alloc-idle':
      return 'Empty';
    case 'unknown':
      return 'Unknown';
    case 'insufficient':
      return null;
    default:
      return 'Others';
  }
}

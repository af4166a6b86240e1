import { gapAtEnd, gapNames } from './gaps.ts';
import type { Judged } from './judge.ts';
import { stateName } from './words.ts';

/** The state in which a recording ends, in a word or two: a GPU that is lost to the end is not steady. */
export function nameAtEnd(judged: Pick<Judged, 'end' | 'gaps'>): string {
  const gap = gapAtEnd(judged);
  return gap === null ? stateName(judged.end.verdict) : gapNames[gap.kind];
}

import type { KnownGpu } from './known-gpus.ts';
import type { ProblemBook } from './problem-book.ts';

/** Says where several GPUs that are listed now claim one index of a node: keys are named after the index, so only one of them can be shown. */
export function tellIndexClaims(
  gpus: readonly KnownGpu[],
  problems: Pick<ProblemBook, 'count'>,
): void {
  const latestMs = gpus.reduce((latest, { seenMs }) => Math.max(latest, seenMs), -Infinity);
  const current = gpus.filter(({ seenMs }) => seenMs === latestMs);
  for (const [index, claims] of Map.groupBy(current, (gpu) => gpu.index)) {
    const [first] = claims;
    if (first === undefined || claims.length < 2) continue;
    const uuids = claims.map(({ uuid }) => uuid).join(', ');
    problems.count('index_claimed_twice', `index ${index} of ${first.node} by ${uuids}`, hint);
  }
}

const hint =
  'Only one of them is shown, the one whose UUID sorts last. If the GPU was just replaced this ends within minutes; else two exporters give different indexes, or series of another node carry the name of this one: look at their labels.';

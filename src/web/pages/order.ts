import type { GpuView, StateView } from './api.ts';
import type { Sort } from './preferences.ts';

/** The GPUs as the reader wants them; whatever the reading, the largest first and what is not given last. */
export function ordered(
  gpus: readonly GpuView[],
  sort: Sort,
  states: readonly StateView[],
): GpuView[] {
  const key = keyOf(sort, states);
  return gpus.toSorted((a, b) => key(a) - key(b) || a.index - b.index);
}

function keyOf(sort: Sort, states: readonly StateView[]): (gpu: GpuView) => number {
  const largestFirst = (value: number | null): number => (value === null ? 1 : -value);
  switch (sort) {
    case 'utilisation':
      return (gpu) => largestFirst(gpu.utilPercent);
    case 'memory':
      return (gpu) => largestFirst(gpu.memoryUsedMiB);
    case 'power':
      return (gpu) => largestFirst(gpu.powerWatts);
    case 'attention':
      return (gpu) => {
        const rank = states.findIndex(({ state }) => state === gpu.state);
        return states[rank]?.needsAttention === true ? rank : states.length;
      };
    default:
      return (gpu) => gpu.index;
  }
}

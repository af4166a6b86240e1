import { describe, expect, it } from 'vitest';
import type { GpuView, StateView } from './api.ts';
import { ordered } from './order.ts';

const states: StateView[] = [
  { state: 'stalled', term: 'stalled', needsAttention: true },
  { state: 'held-idle', term: 'held idle', needsAttention: true },
  { state: 'cyclic', term: 'cyclic', needsAttention: false },
  { state: 'idle', term: 'idle', needsAttention: false },
];
const gpus = [
  { index: 0, state: 'idle', utilPercent: 0, memoryUsedMiB: 1, powerWatts: 60 },
  { index: 1, state: 'held-idle', utilPercent: 0, memoryUsedMiB: 30_000, powerWatts: 70 },
  { index: 2, state: 'cyclic', utilPercent: 90, memoryUsedMiB: null, powerWatts: 500 },
  { index: 3, state: 'stalled', utilPercent: 100, memoryUsedMiB: 40_000, powerWatts: 100 },
] as unknown as GpuView[];

describe('web/pages/order', () => {
  it.each([
    ['attention', [3, 1, 0, 2]],
    ['index', [0, 1, 2, 3]],
    ['utilisation', [3, 2, 0, 1]],
    ['memory', [3, 1, 0, 2]],
    ['power', [2, 3, 1, 0]],
  ] as const)('by %s', (sort, indices) => {
    expect(ordered(gpus, sort, states).map(({ index }) => index)).toEqual(indices);
  });
});

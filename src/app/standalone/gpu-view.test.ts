import { describe, expect, it } from 'vitest';
import { sampleGpu } from '../../../test/support/exposition/sample-snapshot.ts';
import type { GpuStatus } from '../../gpu/source.ts';
import { gpuView } from './gpu-view.ts';

const said = {
  verdict: null,
  annotations: {},
  heldBy: null,
  history: {},
  nowMs: 1_700_000_001_000,
};
const down = (reason: 'not_found' | 'gpu_lost'): GpuStatus => ({ up: false, reason, detail: 'x' });

describe('app/standalone/gpu-view', () => {
  it.each([
    ['not read yet', down('not_found'), null, 'watching'],
    ['refused before its first read', down('gpu_lost'), null, 'lost'],
    ['gone after it was read', down('not_found'), 1_700_000_000_000, 'lost'],
  ] as const)('a GPU that is %s', (_how, status, lastReadMs, state) => {
    const view = gpuView(sampleGpu(0, { status, lastReadMs }), said);
    expect(view.state).toBe(state);
    expect(view.words.headline === 'Watching…').toBe(state === 'watching');
  });
});

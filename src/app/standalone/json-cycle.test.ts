import { describe, expect, it } from 'vitest';
import {
  cyclicVerdict,
  sampleGpu,
  sampleSnapshot,
} from '../../../test/support/exposition/sample-snapshot.ts';
import type { PublishedVerdict } from '../../analysis/verdict.ts';
import { gpuView } from './gpu-view.ts';
import { jsonCycle } from './json-cycle.ts';

function gpuOf(verdict: PublishedVerdict): unknown {
  const gpu = sampleGpu(0);
  const line = jsonCycle(sampleSnapshot([gpu]), [gpuView(gpu, verdict, {}, null)], 'http://x');
  return (JSON.parse(line) as { gpus: unknown[] }).gpus[0];
}

describe('app/standalone/json-cycle', () => {
  it('tells a period, or an apparent one, never both', () => {
    expect(gpuOf(cyclicVerdict)).toMatchObject({
      periodSeconds: 31.4,
      apparentPeriodSeconds: null,
    });
    const cycle = { ...cyclicVerdict.cycle!, publishable: false };
    expect(gpuOf({ ...cyclicVerdict, cycle })).toMatchObject({
      periodSeconds: null,
      apparentPeriodSeconds: 31.4,
    });
  });
});

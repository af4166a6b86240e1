import { describe, expect, it } from 'vitest';
import { cyclicVerdict, sampleSnapshot } from '../../../test/support/exposition/sample-snapshot.ts';
import { heldIdle, lost, sampleView } from '../../../test/support/exposition/sample-view.ts';
import type { GpuView } from './gpu-view.ts';
import { jsonCycle } from './json-cycle.ts';

function written(view: GpuView): unknown {
  const line = jsonCycle(sampleSnapshot([]), [view], 'http://x');
  return (JSON.parse(line) as { gpus: unknown[] }).gpus[0];
}

describe('app/standalone/json-cycle', () => {
  it('tells a period, or an apparent one, never both', () => {
    expect(written(sampleView(0, {}))).toMatchObject({
      periodSeconds: 31.4,
      apparentPeriodSeconds: null,
    });
    const cycle = { ...cyclicVerdict.cycle!, publishable: false };
    expect(written(sampleView(0, { cycle }))).toMatchObject({
      periodSeconds: null,
      apparentPeriodSeconds: 31.4,
    });
  });

  it('has the readings with their units in the names, and null for what is not given', () => {
    expect(written(sampleView(0, heldIdle))).toMatchObject({
      state: 'held-idle',
      pattern: 'alloc-idle',
      stall: false,
      since: '2023-11-14T19:01:21.000Z',
      utilPercent: 41,
      memoryUsedMiB: 3,
      memoryTotalMiB: 81_920,
      powerWatts: 312.5,
      powerLimitWatts: null,
      temperatureCelsius: 66,
      smClockMHz: 1980,
      processCount: null,
    });
    expect(written(sampleView(0, null, lost))).toMatchObject({
      state: 'lost',
      pattern: 'insufficient',
      utilPercent: null,
      powerWatts: null,
    });
  });
});

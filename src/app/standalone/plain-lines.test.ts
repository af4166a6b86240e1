import { describe, expect, it } from 'vitest';
import type { GpuView } from './gpu-view.ts';
import { createPlainLines } from './plain-lines.ts';

const gpu: GpuView = {
  index: 1,
  uuid: 'GPU-b',
  model: 'T4',
  up: true,
  reason: '',
  utilPercent: 0,
  memoryUsedMiB: 0,
  memoryTotalMiB: 15_360,
  powerWatts: 9,
  powerLimitWatts: 70,
  temperatureCelsius: 30,
  smClockMHz: 300,
  processCount: 0,
  heldBy: null,
  verdict: null,
  annotations: {},
};
const idle: GpuView = {
  ...gpu,
  verdict: {
    pattern: 'idle',
    jobType: 'Empty',
    tentative: false,
    periodSeconds: null,
    periodMarginSeconds: null,
    slowerPeriodSeconds: null,
    periodUnresolved: false,
    apparentPeriodSeconds: null,
    confidence: 0.99,
    sinceMs: 0,
    stall: false,
    memUtilMaxPercent: null,
    windowSeconds: 120,
  },
  annotations: { 'ai.centaurus.io/GPU-1-job-type': 'Empty' },
};

describe('app/standalone/plain-lines', () => {
  it('speaks once per change', () => {
    const lines = createPlainLines();
    const time = new Date(0);
    expect(lines([gpu], time)).toEqual(['1970-01-01T00:00:00.000Z GPU 1 T4: watching']);
    expect(lines([{ ...gpu, utilPercent: 3 }], time)).toEqual([]);
    expect(lines([idle], time)).toEqual([
      '1970-01-01T00:00:00.000Z GPU 1 T4: idle, 99 % | GPU-1-job-type=Empty',
    ]);
    expect(lines([idle], time)).toEqual([]);
    expect(lines([{ ...idle, up: false, reason: 'gpu_lost (x)' }], time)).toHaveLength(1);
  });
});

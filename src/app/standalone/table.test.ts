import { describe, expect, it } from 'vitest';
import type { GpuView } from './gpu-view.ts';
import { sparkline } from './sparkline.ts';
import { tableLines } from './table.ts';

const gpu: GpuView = {
  index: 0,
  uuid: 'GPU-a',
  model: 'NVIDIA A100-SXM4-80GB',
  up: true,
  reason: '',
  utilPercent: 97,
  memoryUsedMiB: 40_960,
  memoryTotalMiB: 81_920,
  powerWatts: 312.4,
  powerLimitWatts: 400,
  temperatureCelsius: 61,
  smClockMHz: 1410,
  processCount: 1,
  heldBy: null,
  verdict: {
    pattern: 'cyclic',
    jobType: 'DLT',
    tentative: false,
    periodSeconds: 13.24,
    periodMarginSeconds: null,
    slowerPeriodSeconds: null,
    periodUnresolved: false,
    apparentPeriodSeconds: null,
    confidence: 0.94,
    sinceMs: 0,
    stall: false,
    memUtilMaxPercent: 63,
    windowSeconds: 120,
  },
  annotations: {
    'ai.centaurus.io/GPU-0-job-type': 'DLT',
    'ai.centaurus.io/gpu-profile': '{"v":1}',
  },
};
const row = { gpu, utilSeconds: Array.from({ length: 120 }, (_, i) => (i % 13 < 9 ? 100 : 0)) };

describe('app/standalone/table', () => {
  it('shows the verdict with its period and what the annotation says', () => {
    const [head, line] = tableLines([row], 200);
    expect(head).toContain('VERDICT');
    expect(line).toContain('cyclic 13.2 s, 94 %');
    expect(line).toContain('GPU-0-job-type=DLT');
    expect(line).not.toContain('{');
    expect(line).toContain('40.0/80 GiB');
  });

  it.each([40, 60, 80, 100, 120, 200])('is never wider than %d columns', (columns) => {
    for (const line of tableLines([row], columns)) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('keeps the verdict in a terminal of 80 columns', () => {
    expect(tableLines([row], 80)[1]).toContain('cyclic');
  });

  it('shows a dash for what the driver does not give, and the reason of a lost GPU', () => {
    const lost = {
      ...gpu,
      up: false,
      reason: 'gpu_lost (GPU is lost)',
      utilPercent: null,
      powerWatts: null,
    };
    const line = tableLines([{ gpu: lost, utilSeconds: [] }], 200)[1] ?? '';
    expect(line).toMatch(/ - .*gpu_lost/);
    expect(line).not.toContain('0%');
  });
});

describe('app/standalone/sparkline', () => {
  it('has the asked width, tells empty from idle', () => {
    expect(sparkline([], 5)).toBe('·····');
    expect(sparkline([0, 0, null, 100], 4)).toBe('▁▁·█');
    expect(sparkline([0, 100], 4)).toBe('▁▁██');
    expect(sparkline(row.utilSeconds, 16)).toHaveLength(16);
  });
});

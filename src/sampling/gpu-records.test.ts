import { describe, expect, it } from 'vitest';
import type { GpuDevice, GpuUpdate } from '../gpu/source.ts';
import { GpuRecords } from './gpu-records.ts';

const device = (index: number, uuid = `GPU-${index}`): GpuDevice => ({
  index,
  uuid,
  model: 'Test GPU',
});
const up = { up: true } as const;

function records(): GpuRecords {
  return new GpuRecords({ historyMs: 600_000, windowMs: 30_000, gapCapMs: () => 5_000 });
}

function usage(uuid: string, timesMs: number[], values: number[]): GpuUpdate {
  return {
    uuid,
    status: up,
    samples: { util: { timesMs, values } },
    readings: { utilPercent: values.at(-1) ?? 0 },
  };
}

describe('sampling/gpu-records', () => {
  it('merges what reads bring: what was not read this time stays', () => {
    const all = records();
    all.define([device(0)], 0);
    all.apply([{ uuid: 'GPU-0', status: up, readings: { powerWatts: 300 } }], 1_000);
    all.apply([{ uuid: 'GPU-0', status: up, readings: { utilPercent: 7 } }], 2_000);
    const [gpu] = all.snapshots(2_000);
    expect(gpu?.readings).toEqual({ powerWatts: 300, utilPercent: 7 });
    expect(gpu?.lastReadMs).toBe(2_000);
  });

  it('takes a reading away when it is reported missing, and the reason when it comes', () => {
    const all = records();
    all.define([device(0)], 0);
    all.apply([{ uuid: 'GPU-0', status: up, readings: { fanPercent: 30 } }], 1_000);
    all.apply([{ uuid: 'GPU-0', status: up, missing: { fanPercent: 'not_available' } }], 2_000);
    expect(all.snapshots(2_000)[0]?.readings).toEqual({});
    expect(all.snapshots(2_000)[0]?.missing).toEqual({ fanPercent: 'not_available' });
    all.apply([{ uuid: 'GPU-0', status: up, readings: { fanPercent: 31 } }], 3_000);
    expect(all.snapshots(3_000)[0]?.missing).toEqual({});
  });

  it('drops the values of a GPU that is down and leaves its siblings alone', () => {
    const all = records();
    all.define([device(0), device(1)], 0);
    const both = [usage('GPU-0', [1_000], [50]), usage('GPU-1', [1_000], [60])];
    all.apply(both, 1_000);
    const lost = { up: false, reason: 'gpu_lost', detail: 'code 15' } as const;
    all.apply([{ uuid: 'GPU-1', status: lost }, usage('GPU-0', [2_000], [51])], 2_000);
    const [first, second] = all.snapshots(2_000);
    expect(first?.readings.utilPercent).toBe(51);
    expect(second?.status).toEqual(lost);
    expect(second?.device).toEqual(device(1));
    expect(second?.readings).toEqual({});
    expect(second?.utilWindow).toBeNull();
    expect(second?.busySecondsTotal).toBeNull();
  });

  it('goes on counting busy seconds where it was when the GPU is back', () => {
    const all = records();
    all.define([device(0)], 0);
    all.apply([usage('GPU-0', [0, 1_000, 2_000], [0, 100, 50])], 2_000);
    expect(all.snapshots(2_000)[0]?.busySecondsTotal).toBeCloseTo(1.5);
    const status = { up: false, reason: 'gpu_lost', detail: '' } as const;
    all.apply([{ uuid: 'GPU-0', status }], 3_000);
    all.apply([usage('GPU-0', [60_000, 61_000], [100, 100])], 61_000);
    // 5 s at most for the gap, then 1 s.
    expect(all.snapshots(61_000)[0]?.busySecondsTotal).toBeCloseTo(1.5 + 5 + 1);
  });

  it('marks as stale what was not read for too long, and only that', () => {
    const all = records();
    all.define([device(0), device(1)], 0);
    all.apply([usage('GPU-0', [1_000], [50]), usage('GPU-1', [1_000], [60])], 1_000);
    all.apply([usage('GPU-0', [9_000], [50])], 9_000);
    all.expire(12_000, 10_000);
    const [first, second] = all.snapshots(12_000);
    expect(first?.status.up).toBe(true);
    expect(second?.status).toMatchObject({ up: false, reason: 'stale' });
    expect(second?.readings).toEqual({});
  });

  it('does not count as busy what a ring of the driver holds from before the start', () => {
    const all = records();
    all.define([device(0)], 10_000);
    all.apply([usage('GPU-0', [8_000, 9_000, 10_000, 10_500], [100, 100, 100, 100])], 10_500);
    expect(all.snapshots(10_500)[0]?.busySecondsTotal).toBeCloseTo(0.5);
    expect(all.history('GPU-0', 0)?.util?.values).toHaveLength(4);
  });

  it('goes on counting busy seconds when the clock is set back to before the start', () => {
    const all = records();
    all.define([device(0)], 3_600_000);
    all.apply([usage('GPU-0', [3_601_000, 3_602_000], [100, 100])], 3_602_000);
    all.apply([usage('GPU-0', [3_000, 4_000, 5_000], [100, 100, 100])], 5_000);
    expect(all.snapshots(5_000)[0]?.busySecondsTotal).toBeCloseTo(2 + 2);
  });

  it('keeps a device that is gone as down, until its index belongs to another', () => {
    const all = records();
    all.define([device(0), device(1)], 0);
    all.apply([usage('GPU-1', [1_000], [60])], 1_000);
    all.define([device(0)], 0);
    expect(all.snapshots(2_000)[1]?.status).toMatchObject({ up: false, reason: 'not_found' });
    all.define([device(0), device(1, 'GPU-new')], 0);
    expect(all.snapshots(3_000).map((gpu) => gpu.device.uuid)).toEqual(['GPU-0', 'GPU-new']);
  });

  it('keeps the device object while nothing about it changes', () => {
    const all = records();
    all.define([device(0)], 0);
    const before = all.snapshots(0)[0]?.device;
    all.define([{ ...device(0) }], 0);
    expect(all.snapshots(0)[0]?.device).toBe(before);
    all.define([{ ...device(0), model: 'Other' }], 0);
    expect(all.snapshots(0)[0]?.device.model).toBe('Other');
  });

  it('gives history by channel, and none for a GPU it does not know', () => {
    const all = records();
    all.define([device(0)], 0);
    all.apply([usage('GPU-0', [1_000, 2_000], [1, 2])], 2_000);
    all.apply([usage('GPU-9', [1_000], [1])], 2_000);
    expect([...(all.history('GPU-0', 1_500)?.util?.values ?? [])]).toEqual([2]);
    expect(all.history('GPU-9', 0)).toBeNull();
  });

  it('makes snapshots that later reads do not change', () => {
    const all = records();
    all.define([device(0)], 0);
    all.apply([usage('GPU-0', [1_000], [1])], 1_000);
    const [kept] = all.snapshots(1_000);
    all.apply([usage('GPU-0', [2_000], [99])], 2_000);
    expect(kept?.readings.utilPercent).toBe(1);
    expect(Object.isFrozen(kept)).toBe(true);
  });
});

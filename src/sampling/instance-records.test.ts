import { describe, expect, it } from 'vitest';
import type { GpuDevice, GpuUpdate } from '../gpu/source.ts';
import { GpuRecords } from './gpu-records.ts';

const gib = 2 ** 30;
const parted: GpuDevice = {
  index: 0,
  uuid: 'GPU-0',
  model: 'Test GPU',
  memoryTotalBytes: 80 * gib,
  migDevices: [
    { gpuInstanceId: 1, profile: '3g.40gb', computeSlices: 3, memoryTotalBytes: 40 * gib },
    { gpuInstanceId: 2, profile: '4g.40gb', computeSlices: 4 },
  ],
};

function records(): GpuRecords {
  return new GpuRecords({ historyMs: 600_000, windowMs: 30_000, gapCapMs: () => 5_000 });
}

function usage(timeMs: number, utils: readonly number[]): GpuUpdate {
  return {
    uuid: 'GPU-0',
    status: { up: true },
    readings: { powerWatts: 200 },
    instances: utils.map((util, at) => ({
      gpuInstanceId: at + 1,
      readings: { utilPercent: util },
      samples: { util: { timesMs: [timeMs], values: [util] } },
    })),
  };
}

describe('sampling/instance-records', () => {
  it('keeps readings, windows and history of each GPU instance', () => {
    const all = records();
    all.define([parted], 0);
    all.apply([usage(1_000, [50, 100])], 1_000);
    all.apply([usage(2_000, [70, 0])], 2_000);
    const [gpu] = all.snapshots(2_000);

    expect(gpu?.readings).toEqual({ powerWatts: 200 });
    expect(gpu?.instances).toMatchObject([
      {
        device: { uuid: 'GPU-0', instance: { gpuInstanceId: 1 }, memoryTotalBytes: 40 * gib },
        readings: { utilPercent: 70 },
        utilWindow: { maxPercent: 70, sampleCount: 2 },
        busySecondsTotal: expect.closeTo(1.2) as number,
      },
      { device: { instance: { profile: '4g.40gb' } }, readings: { utilPercent: 0 } },
    ]);
    // Nothing says how much of the board's memory the second has.
    expect(gpu?.instances?.[1]?.device.memoryTotalBytes).toBeUndefined();
    expect([...(all.history('GPU-0', 0, 2)?.util?.values ?? [])]).toEqual([100, 0]);
    expect(all.history('GPU-0', 0, 7)).toBeNull();
    expect(all.history('GPU-0', 0)?.util).toBeUndefined();
  });

  it('forgets an instance that is gone, and does not take one of another profile for it', () => {
    const all = records();
    all.define([parted], 0);
    all.apply([usage(1_000, [50, 100])], 1_000);
    const migDevices = [{ gpuInstanceId: 2, profile: '1g.10gb', computeSlices: 1 }];
    all.define([{ ...parted, migDevices }], 2_000);
    all.apply([usage(3_000, [1, 2])], 3_000);

    expect(all.snapshots(3_000)[0]?.instances).toMatchObject([
      { device: { instance: { gpuInstanceId: 2, profile: '1g.10gb' } } },
    ]);
    expect([...(all.history('GPU-0', 0, 2)?.util?.values ?? [])]).toEqual([2]);
  });

  it('is down with its GPU, and keeps its device object while nothing changes', () => {
    const all = records();
    all.define([parted], 0);
    all.apply([usage(1_000, [50, 100])], 1_000);
    const before = all.snapshots(1_000)[0]?.instances?.[0]?.device;
    all.define([structuredClone(parted)], 1_000);
    expect(all.snapshots(1_000)[0]?.instances?.[0]?.device).toBe(before);
    all.expire(60_000, 10_000);
    expect(all.snapshots(60_000)[0]?.instances?.[0]).toMatchObject({
      status: { up: false, reason: 'stale' },
      readings: {},
    });
  });

  it('shows no instances where only their existence is known', () => {
    const all = records();
    all.define([parted], 0);
    all.apply([{ uuid: 'GPU-0', status: { up: true }, readings: { powerWatts: 1 } }], 1_000);
    expect(all.snapshots(1_000)[0]).not.toHaveProperty('instances');
  });
});

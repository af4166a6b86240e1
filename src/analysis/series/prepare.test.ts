import { describe, expect, it } from 'vitest';
import type { GpuUsage } from '../verdict.ts';
import { PreparedUsage } from './prepare.ts';

function even(from: number, to: number, step: number, value: (t: number) => number) {
  const timesSeconds = Float64Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, i) => from + i * step,
  );
  return { timesSeconds, values: timesSeconds.map(value) };
}

describe('analysis/series/prepare', () => {
  const usage: GpuUsage = {
    channels: {
      power: even(100, 160, 0.5, () => 70),
      util: even(90, 150, 0.25, (t) => t - 90),
      memUsed: { timesSeconds: new Float64Array(0), values: new Float64Array(0) },
    },
    sampling: 'native',
  };
  const prepared = new PreparedUsage(usage, 3600);

  it('spans all channels and leaves out empty ones', () => {
    expect(prepared.channels).toEqual(['util', 'power']);
    expect(prepared.endSeconds).toBe(160);
    expect(prepared.spanSeconds).toBe(70);
  });

  it('gives each channel its own grid, made once', () => {
    expect(prepared.grid('util')!.stepSeconds).toBe(0.25);
    expect(prepared.grid('power')!.stepSeconds).toBe(0.5);
    expect(prepared.grid('util')).toBe(prepared.grid('util'));
    expect(prepared.grid('memUsed')).toBeNull();
  });

  it('grids no more than the longest window, and so not a stamp far behind', () => {
    const { timesSeconds, values } = usage.channels.util!;
    const stray = {
      timesSeconds: Float64Array.of(0, ...timesSeconds.map((time) => time + 1.7e9)),
      values: Float64Array.of(50, ...values),
    };
    const grid = new PreparedUsage({ ...usage, channels: { util: stray } }, 30).grid('util')!;
    expect(grid.stepSeconds).toBe(0.25);
    expect(grid.startSeconds).toBe(1.7e9 + 120);
    expect(grid.values).toHaveLength(121);
  });

  it('looks back from the newest sample of any channel', () => {
    expect(prepared.recentMedian('util', 20)).toBeCloseTo(55, 10);
    expect(prepared.recentMedian('util', 5)).toBeNull();
    expect(prepared.sampleCount('power', 10)).toBe(21);
  });

  it('says so when there is nothing', () => {
    const empty = new PreparedUsage({ channels: {}, sampling: 'native' }, 3600);
    expect(empty.endSeconds).toBeNaN();
    expect(empty.spanSeconds).toBe(0);
    expect(empty.channels).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyse } from './analyse.ts';
import { track, type TrackState } from './stability.ts';
import type { GpuUsage, PublishedVerdict, UsageChannel, UsageSeries } from './verdict.ts';

const channelOf: Readonly<Record<string, UsageChannel>> = {
  util_gpu: 'util',
  mem_used_mib: 'memUsed',
  power_w: 'power',
};

/** A file of fixtures/: `t_s` and columns of readings, no cell empty. */
function read(name: string): GpuUsage {
  const text = readFileSync(new URL(`fixtures/${name}.csv`, import.meta.url), 'utf8');
  const [header = '', ...rows] = text.trim().split(/\r?\n/);
  const columns = header.split(',').map((_, i) => rows.map((row) => Number(row.split(',')[i])));
  const timesSeconds = Float64Array.from(columns[0]!);
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [i, column] of header.split(',').entries()) {
    const channel = channelOf[column];
    if (channel !== undefined)
      channels[channel] = { timesSeconds, values: Float64Array.from(columns[i]!) };
  }
  return { channels, sampling: 'native' };
}

function until(usage: GpuUsage, atSeconds: number): GpuUsage {
  const entries = Object.entries(usage.channels).map(([name, { timesSeconds, values }]) => {
    const end = timesSeconds.findLastIndex((time) => time <= atSeconds) + 1;
    return [
      name,
      { timesSeconds: timesSeconds.subarray(0, end), values: values.subarray(0, end) },
    ] as const;
  });
  return { ...usage, channels: Object.fromEntries(entries) };
}

/** What is said in public at a time, with a look every ten seconds. */
function saidAt(usage: GpuUsage, atSeconds: number): PublishedVerdict | null {
  let state: TrackState | null = null;
  for (let at = 30; at < atSeconds; at += 10) ({ state } = track(state, analyse(until(usage, at))));
  return track(state, analyse(until(usage, atSeconds))).published;
}

describe('analysis: loads that were met', () => {
  it.each([
    ['power-only-steady', 'steady'],
    ['power-only-bursty', 'bursty'],
    ['power-memory-held-idle', 'alloc-idle'],
    ['stationary-noisy', 'steady'],
  ])('says at the end of %s: %s', (name, pattern) => {
    expect(analyse(read(name)).pattern).toBe(pattern);
  });

  it('is less sure of what power says in the stead of utilisation', () => {
    const power = read('power-only-steady');
    const util = { ...power.channels.power!, values: power.channels.power!.values.map(() => 90) };
    const { confidence } = analyse({ ...power, channels: { ...power.channels, util } });
    expect(analyse(power).confidence).toBeLessThan(confidence - 0.2);
  });

  it('tells the spread of a load that fluctuates', () => {
    expect(analyse(read('stationary-noisy')).utilSpreadPercent).toBeGreaterThan(20);
    expect(analyse(read('power-only-steady')).utilSpreadPercent).toBeNull();
  });

  it('sees the end of a job that cycled, soon', () => {
    const usage = read('job-ends');
    expect(saidAt(usage, 148)?.pattern).toBe('cyclic');
    expect(saidAt(usage, 190)).toMatchObject({ jobType: expect.not.stringMatching('DLT') });
    expect(['idle', 'transition']).toContain(saidAt(usage, 190)?.pattern);
    const ended = saidAt(usage, 210);
    expect(ended).toMatchObject({ pattern: 'idle', jobType: 'Empty', cycle: null });
    // Nothing is expected of a job that is over.
    expect(ended?.nextUtilMeanPercent).toBeLessThan(2);
  });
});

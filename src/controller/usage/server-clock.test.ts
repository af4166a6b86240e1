import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dcgmFleet, nodeNames } from '../../../test/support/controller/dcgm-fleet.ts';
import {
  codesOf,
  startUsageRig,
  type UsageRig,
} from '../../../test/support/controller/usage-rig.ts';
import type { FleetUsage, GpuObservation, UsageSource } from '../usage-source.ts';

const { signal } = new AbortController();
let rig: UsageRig;
let usage: UsageSource;

beforeEach(async () => {
  rig = await startUsageRig();
  usage = rig.source();
});
afterEach(async () => {
  await rig.close();
});

/** One cycle later: the exporters have gone on, by the clock of the store. */
async function read(seconds = 30): Promise<FleetUsage> {
  rig.pass(seconds);
  rig.store.series = dcgmFleet(rig.store.nowSeconds, 2);
  return await usage.read(nodeNames, signal);
}

function firstGpu(fleet: FleetUsage): GpuObservation | undefined {
  return fleet.nodes.get('node-0')?.gpus[0];
}

const ageSeconds = (fleet: FleetUsage): number =>
  rig.nowSeconds - (firstGpu(fleet)?.lastSampleMs ?? 0) / 1_000;
const sampleCount = (fleet: FleetUsage): number =>
  firstGpu(fleet)?.usage?.channels.util?.values.length ?? 0;

describe('controller/usage/server-clock', () => {
  it.each([600, -600, 86_400])(
    'does not believe one answer that is %i s off, and goes on from what it knows',
    async (off) => {
      await read();
      rig.store.toldAheadSeconds = off;
      const lied = await read();
      expect(codesOf(lied)).toEqual(['server_time_jumped']);
      expect(lied.problems[0]?.detail).toContain(`${Math.abs(off)} s`);
      expect(lied.complete).toBe(false);
      expect(sampleCount(lied)).toBeGreaterThanOrEqual(39);
      expect(ageSeconds(lied)).toBeLessThanOrEqual(30);
      rig.store.toldAheadSeconds = 0;
      const after = await read();
      expect(after).toMatchObject({ complete: true, problems: [] });
      expect(sampleCount(after)).toBeGreaterThanOrEqual(39);
    },
  );

  it('does not believe a first answer that its own Date header and our clock contradict', async () => {
    rig.store.toldAheadSeconds = 600;
    const lied = await read();
    expect(codesOf(lied)).toEqual(['server_time_jumped']);
    expect(sampleCount(lied)).toBeGreaterThanOrEqual(39);
    rig.store.toldAheadSeconds = 0;
    expect(await read()).toMatchObject({ complete: true, problems: [] });
  });

  it('believes what is told three times in a row where no Date header speaks for it', async () => {
    rig.store.hasDateHeader = false;
    await read();
    rig.store.nowSeconds += 600;
    expect(codesOf(await read())).toContain('server_time_jumped');
    expect(codesOf(await read())).toContain('server_time_jumped');
    const believed = await read();
    expect(codesOf(believed)).toEqual(['clock_skew']);
    expect(sampleCount(believed)).toBeGreaterThanOrEqual(39);
  });

  it('never believes a clock that stands still', async () => {
    await read();
    rig.store.hasDateHeader = false;
    for (let count = 0; count < 6; count += 1) {
      rig.store.toldAheadSeconds -= 100;
      expect(codesOf(await read(100))).not.toContain('no_gpu_series');
    }
    expect(codesOf(await read(100))).not.toContain('clock_skew');
  });

  it('reads on while a cache tells an old answer again and again, its Date header included', async () => {
    await read();
    const { nowSeconds } = rig.store;
    for (let count = 0; count < 6; count += 1) {
      rig.pass(30);
      rig.store.series = dcgmFleet(rig.store.nowSeconds, 2);
      rig.store.cachedAtSeconds = nowSeconds;
      const fleet = await usage.read(nodeNames, signal);
      expect(codesOf(fleet)).toEqual(['server_time_repeated']);
      expect(fleet.complete).toBe(false);
      expect(ageSeconds(fleet)).toBeLessThanOrEqual(30);
    }
    rig.store.cachedAtSeconds = null;
    expect(await read()).toMatchObject({ complete: true, problems: [] });
  });

  it('follows a clock that is set ahead, and back again when it is put right', async () => {
    await read();
    rig.store.nowSeconds += 600;
    rig.store.series = [];
    // Nothing has been scraped at that time: the data are missing, not the GPUs.
    const ahead = await usage.read(nodeNames, signal);
    expect(codesOf(ahead)).toEqual(['clock_skew', 'no_gpu_series', 'no_utilisation']);
    expect(ahead.complete).toBe(false);
    expect(ahead.nodes.get('node-0')?.gpus).toHaveLength(2);
    rig.store.nowSeconds -= 600;
    const right = await read();
    expect(right).toMatchObject({ complete: true, problems: [] });
    expect(sampleCount(right)).toBeGreaterThanOrEqual(39);
    expect(ageSeconds(right)).toBeLessThanOrEqual(30);
  });

  it('takes the delay of answers (30 s with VictoriaMetrics) for no skew of clocks', async () => {
    rig.store.latencySeconds = 30;
    const late = await read();
    expect(late).toMatchObject({ complete: true, problems: [] });
    const again = await read();
    expect(again).toMatchObject({ complete: true, problems: [] });
    expect(sampleCount(again)).toBeGreaterThanOrEqual(36);
    // As old as they are, not 30 s younger.
    expect(ageSeconds(again)).toBeGreaterThanOrEqual(30);
  });

  it('tells a slow clock behind a proxy that knows the time, once it is sure', async () => {
    rig.store.toldAheadSeconds = -120;
    const codes = [codesOf(await read()), codesOf(await read()), codesOf(await read())];
    expect(codes.slice(0, 2)).toEqual([['server_time_jumped'], ['server_time_jumped']]);
    expect(codes[2]).toEqual(['clock_skew']);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelsOf, nodeNames } from '../../../test/support/controller/dcgm-fleet.ts';
import {
  codesOf,
  startUsageRig,
  type UsageRig,
} from '../../../test/support/controller/usage-rig.ts';
import type { FakeSeries } from '../../../test/support/fake-prometheus/fake-prometheus.ts';
import { systemClock } from '../../lib/clock.ts';
import { Slices } from '../../lib/slices.ts';
import { assessGpu } from '../assess.ts';
import { createFleetMemory } from '../gpu-memory.ts';
import type { FleetUsage, UsageSource } from '../usage-source.ts';
import { ScrapeIntervals } from './scrape-intervals.ts';

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

/** One GPU on a node, scraped at this interval, for so long. */
function scraped(
  node: number,
  everySeconds: number,
  hours = 6,
  family = 'DCGM_FI_DEV_GPU_UTIL',
): FakeSeries {
  const count = Math.floor((hours * 3_600) / everySeconds);
  return {
    metric: labelsOf(node, 0, family),
    values: Array.from({ length: count }, (_, at) => [
      rig.nowSeconds - 6 - (count - 1 - at) * everySeconds,
      String(96 + (at % 3)),
    ]),
  };
}

async function read(...series: FakeSeries[]): Promise<FleetUsage> {
  rig.store.series = series;
  return await usage.read(nodeNames, signal);
}

async function judged(fleet: FleetUsage): Promise<string | undefined> {
  const gpu = fleet.nodes.get('node-0')!.gpus[0]!;
  const nowMs = rig.nowSeconds * 1_000;
  const facts = await assessGpu(
    gpu,
    createFleetMemory(nowMs).of('node-0', gpu.uuid),
    { entry: undefined, asOfMs: null },
    {
      turns: new Slices(8, () => systemClock.monotonicMs()),
      nowMs,
      freshMs: 180_000,
      windowsSeconds: [120, 600],
    },
  );
  return facts.verdict?.pattern;
}

const sampleCount = (fleet: FleetUsage, node = 0): number =>
  fleet.nodes.get(`node-${node}`)?.gpus[0]?.usage?.channels.util?.values.length ?? 0;

describe('controller/usage/scrape-intervals', () => {
  it.each([15, 30, 60, 120, 300])(
    'holds enough samples for a verdict at a scrape every %i s, in the first read',
    async (seconds) => {
      const fleet = await read(scraped(0, seconds));
      expect(fleet).toMatchObject({ complete: true, problems: [] });
      expect(sampleCount(fleet)).toBeGreaterThanOrEqual(39);
      expect(await judged(fleet)).toBe('steady');
    },
  );

  it.each([30, 60, 300])('judges by power alone at a scrape every %i s', async (seconds) => {
    const fleet = await read(scraped(0, seconds, 6, 'DCGM_FI_DEV_POWER_USAGE'));
    expect(fleet).toMatchObject({ complete: true, problems: [] });
    expect(['idle', 'steady']).toContain(await judged(fleet));
  });

  it('asks for more of those that are scraped rarely, not of their neighbours, and once', async () => {
    const fleet = await read(scraped(0, 15), scraped(1, 60));
    expect([sampleCount(fleet, 0), sampleCount(fleet, 1)]).toEqual([40, 40]);
    const cold = rig.client.costs().byOutcome.ok?.bytes ?? 0;
    rig.pass(60);
    const next = await read(scraped(0, 15), scraped(1, 60));
    expect([sampleCount(next, 0), sampleCount(next, 1)]).toEqual([40, 40]);
    const warm = (rig.client.costs().byOutcome.ok?.bytes ?? 0) - cold;
    expect(warm).toBeLessThan(cold / 2);
  });

  it('keeps a window while scrapes are a few milliseconds early or late', () => {
    const intervals = new ScrapeIntervals({ windowSeconds: 600, mostWindowSeconds: 21_600 });
    const learn = (spacingMs: number): number =>
      intervals.learn(new Map([['gpu', spacingMs]]), () => true).size;
    expect(learn(15_000)).toBe(0);
    for (const spacingMs of [15_001, 14_999, 15_400, 14_600]) expect(learn(spacingMs)).toBe(0);
    expect(intervals.windowSeconds('gpu')).toBe(600);
    expect(learn(30_000)).toBe(1);
    expect(learn(15_000)).toBe(0);
    expect(intervals.windowSeconds('gpu')).toBe(600);
  });

  it('says so where there are too few samples all the same, with what to do', async () => {
    const young = await read(scraped(0, 30, 0.1));
    expect(young.complete).toBe(true);
    expect(young.problems).toEqual([
      {
        code: 'not_enough_samples',
        detail: 'GPU 0 (GPU-0-0) of node-0: 12 samples, one every 30 s; a verdict needs 24',
        hint: expect.stringContaining('scrape_interval') as string,
      },
    ]);
    usage = rig.source({ windowMs: 600_000, mostWindowMs: 600_000 });
    expect(codesOf(await read(scraped(0, 30)))).toEqual(['not_enough_samples']);
  });
});

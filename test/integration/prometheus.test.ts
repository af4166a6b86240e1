import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPrometheusUsage } from '../../src/controller/prometheus-usage.ts';
import type { FleetUsage, GpuObservation, UsageSource } from '../../src/controller/usage-source.ts';
import { createPrometheusClient, type PrometheusClient } from '../../src/prometheus/client.ts';
import { RangeWindows } from '../../src/prometheus/range-windows.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import {
  dcgmText,
  line,
  migText,
  nativeText,
  square,
  startPlayedExporter,
  verdictText,
  type PlayedExporter,
  type PlayedGpu,
} from '../support/fake-prometheus/played-exporter.ts';
import { scrapeConfig, startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { waitUntil } from '../support/wait-until.ts';

const nodeNames = ['gpu-a', 'gpu-b.example.com', 'gpu-c', 'gpu-d'];
const nodeLabels = ['node', 'Hostname', 'hostname', 'instance'];
const signal = new AbortController().signal;

function gpus(node: string, count: number): PlayedGpu[] {
  return Array.from({ length: count }, (_, index) => ({
    node,
    index,
    uuid: `GPU-${node}-${index}`,
    periodMs: 4_000 + 2_000 * index,
  }));
}

/** a: dcgm-exporter; b: dcgm-exporter under its short name, scraped by two jobs; c: our collector with verdicts; d: our collector without. */
const played = {
  a: gpus('gpu-a', 3),
  b: gpus('gpu-b', 2),
  c: gpus('gpu-c', 2),
  d: gpus('gpu-d', 1),
  stranger: gpus('unknown-host', 1),
  mig: { node: 'gpu-a', index: 3, uuid: 'GPU-gpu-a-3', periodMs: 10_000 },
};

describeWithCluster('a real Prometheus', () => {
  const exporters: PlayedExporter[] = [];
  const expressions: string[] = [];
  let prometheus: Prometheus;
  let client: PrometheusClient;
  let asOfAgeSeconds = 1;

  const exporter = async (render: PlayedExporter['render']): Promise<PlayedExporter> => {
    const one = await startPlayedExporter(render);
    exporters.push(one);
    return one;
  };
  const usage = (dialects: 'auto' | 'native' | 'dcgm', windowMs = 60_000): UsageSource =>
    createPrometheusUsage({
      client,
      dialects,
      nodeLabels,
      windowMs,
      inFlight: 2,
      shardBytes: 20_000,
    });

  beforeAll(async () => {
    const all = (list: readonly PlayedGpu[], text: (gpu: PlayedGpu, timeMs: number) => string) =>
      exporter((timeMs) => list.map((gpu) => text(gpu, timeMs)).join(''));
    const a = await exporter(
      (timeMs) =>
        played.a
          // The pod on GPU 2 changes every 7 s: its series comes in pieces.
          .map((gpu) =>
            dcgmText(gpu, timeMs, {
              pod: gpu.index === 2 ? `pod-${Math.floor(timeMs / 7_000)}` : 'pod',
            }),
          )
          .join('') + migText(played.mig, timeMs),
    );
    const b = await all(played.b, (gpu, timeMs) => dcgmText(gpu, timeMs));
    const c = await all(
      played.c,
      (gpu, timeMs) => nativeText(gpu, timeMs) + verdictText(gpu, timeMs / 1_000 - asOfAgeSeconds),
    );
    const d = await all(played.d, nativeText);
    const stranger = await all(played.stranger, (gpu, timeMs) => dcgmText(gpu, timeMs));
    // For the comparison of sharded and whole: many targets.
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        all(
          gpus(`many-${at}`, 8),
          (gpu, timeMs) =>
            line('many_a', { gpu: String(gpu.index) }, square(timeMs, gpu.periodMs)) +
            line('many_b', { gpu: String(gpu.index) }, timeMs % 1_000),
        ),
      ),
    );
    prometheus = await startPrometheus({
      config: scrapeConfig(
        {
          dcgm: [a.target, b.target, stranger.target],
          'dcgm-twice': [b.target],
          collector: [c.target, d.target],
          many: many.map(({ target }) => target),
        },
        { scrape: '1s' },
      ),
    });
    const real = createPrometheusClient({
      url: prometheus.url,
      timeoutMs: 10_000,
      maxBodyBytes: 10_000_000,
      maxConnections: 4,
    });
    client = {
      ...real,
      query: async (expression, options) => {
        expressions.push(expression);
        return await real.query(expression, options);
      },
    };
  });

  afterAll(async () => {
    client?.close();
    await prometheus?.stop();
    await Promise.all(exporters.map((one) => one.close()));
  });

  it('gives the same samples in shards, bit by bit, as in one query', async () => {
    const windowSeconds = 8;
    const windows = new RangeWindows<{ instance: string }>({
      client,
      windowSeconds,
      rememberSeconds: 60,
      inFlight: 2,
      shardBytes: 16_384,
      selector: (matcher) => `{__name__=~"many_a|many_b",${matcher}}`,
      tag: ({ instance }) => ({ instance: instance ?? '' }),
      convert: (_tag, value) => value,
    });
    await waitUntil(async () => (await client.query('many_b', { signal })).series.length === 96, {
      what: '96 series',
      timeoutMs: 20_000,
    });
    let atSeconds = 0;
    for (let round = 0; round < 7; round += 1) {
      await sleep(1_700);
      atSeconds = Math.floor((await client.serverTime(signal)).seconds) - 1;
      const targets = await client.query('count by (instance) (many_a)', {
        timeSeconds: atSeconds,
        signal,
      });
      const outcome = await windows.refresh({
        items: targets.series.map(({ labels }) => ({
          label: 'instance',
          value: labels['instance'] ?? '',
          seriesCount: 16,
        })),
        atSeconds,
        overlapSeconds: 2,
        signal,
      });
      expect(outcome).toEqual({ failures: [], warnings: [] });
    }
    const whole = await client.query(`{__name__=~"many_a|many_b"}[${windowSeconds}s]`, {
      timeSeconds: atSeconds,
      signal,
    });
    const expected = whole.series
      .map(({ labels, points }) => ({
        labels: JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
        points: points
          .filter(([time]) => time > atSeconds - windowSeconds)
          .map(([time, value]) => [Math.round(time * 1_000), Number(value)]),
      }))
      .sort((x, y) => (x.labels < y.labels ? -1 : 1));
    const collected = [...windows.series()]
      .map(({ key, ring }) => {
        const { timesMs, values } = ring.between(
          (atSeconds - windowSeconds) * 1_000,
          atSeconds * 1_000,
        );
        const labels = key
          .split('\u0002')
          .filter((pair) => pair !== '')
          .map((pair) => pair.split('\u0001'));
        return {
          labels: JSON.stringify(labels),
          points: [...timesMs].map((time, at) => [time, values[at]]),
        };
      })
      .sort((x, y) => (x.labels < y.labels ? -1 : 1));
    expect(collected).toHaveLength(192);
    expect(collected[0]?.points.length).toBeGreaterThan(5);
    expect(collected).toEqual(expected);
    // It was sharded, and later rounds asked for less than the window.
    const ranges = expressions.flatMap(
      (text) => /many_a\|many_b.*\[(\d+)ms\]/.exec(text)?.[1] ?? [],
    );
    expect(ranges.length).toBeGreaterThan(7 * 2);
    expect(ranges.filter((range) => Number(range) < windowSeconds * 1_000).length).toBeGreaterThan(
      6,
    );
  });

  it('works from dcgm-exporter alone', async () => {
    const source = usage('dcgm');
    await source.read(nodeNames, signal);
    await sleep(2_000);
    const fleet = await source.read(nodeNames, signal);
    expect(fleet.complete).toBe(true);
    expect([...fleet.nodes.keys()].sort()).toEqual(['gpu-a', 'gpu-b.example.com']);
    const a = fleet.nodes.get('gpu-a')?.gpus ?? [];
    expect(a.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(a[1]).toMatchObject({
      uuid: 'GPU-gpu-a-1',
      model: 'NVIDIA A100-SXM4-80GB',
      driverVersion: '550.54.15',
      memoryTotalMiB: 81_001,
      simulated: false,
      nodeVerdict: null,
    });
    for (const gpu of a.slice(0, 3)) expectWaveform(gpu, played.a[gpu.index], fleet);
    expectInstances(a[3]);
    expect(fleet.unmatched).toEqual([
      { labels: expect.stringContaining('Hostname=unknown-host'), seriesCount: 4 },
    ]);
    // The exporters have only just begun: whether one has 24 samples yet depends on the machine.
    const settled = codes(fleet).filter((code) => code !== 'not_enough_samples');
    expect(settled).toEqual(['ambiguous_series', 'unmatched_series']);
  });

  it('gives the same series whichever of two targets answers first', async () => {
    const fleets = [
      await usage('dcgm').read(nodeNames, signal),
      await usage('dcgm').read(nodeNames, signal),
    ];
    const [first, second] = fleets.map((fleet) => utilOf(fleet, 'gpu-b.example.com', 1));
    expect(first?.timesSeconds.length).toBeGreaterThan(5);
    const shared = new Set(first?.timesSeconds);
    // Both reads see the same target: all times but those at the edges of the window are common.
    const common = [...(second?.timesSeconds ?? [])].filter((time) => shared.has(time));
    expect(common.length).toBeGreaterThan((first?.timesSeconds.length ?? 0) - 3);
  });

  it('takes the verdict of a node and fetches no series of its GPUs', async () => {
    expressions.length = 0;
    const fleet = await usage('auto').read(nodeNames, signal);
    const c = fleet.nodes.get('gpu-c')?.gpus ?? [];
    expect(c).toHaveLength(2);
    expect(c[1]).toMatchObject({
      usage: null,
      model: 'NVIDIA H100',
      driverVersion: '570.1',
      memoryTotalMiB: 81_920,
      pcieGenerationMax: 5,
      pcieWidthMax: 16,
      simulated: true,
    });
    expect(c[1]?.nodeVerdict).toMatchObject({
      pattern: 'cyclic',
      jobType: 'DLT',
      tentative: false,
      confidence: 0.97,
      cycle: {
        periodSeconds: 12.5,
        publishable: true,
        periodMarginSeconds: 0.3,
        slowerPeriodSeconds: null,
        cycles: 9.6,
        dutyRatio: 0.6,
        channel: 'util',
        pValue: 0.001,
      },
      windowSeconds: 120,
      sampleCount: 600,
      memCopyMaxPercent: 19,
      memUsedMaxMiB: 30_720,
      utilMeanPercent: 59,
      nextMemUsedMaxMiB: 32_768,
      nextUtilMeanPercent: 60,
      stall: false,
    });
    expectWaveform(fleet.nodes.get('gpu-d')?.gpus[0], played.d[0], fleet);
    expect(fleet.nodes.get('gpu-d')?.gpus[0]?.usage).toMatchObject({
      memoryTotalMiB: 81_920,
      powerLimitWatts: 700,
    });
    const ranges = expressions.filter((text) => text.includes('gpu_utilization_ratio'));
    expect(ranges).toHaveLength(1);
    const [c0] = exporters.slice(2);
    expect(ranges[0]).not.toContain(c0?.target);
  });

  it('falls back to series when the verdict of a node is old', async () => {
    asOfAgeSeconds = 600;
    const source = usage('auto');
    const gpu = await waitUntil(
      async () => {
        const fleet = await source.read(nodeNames, signal);
        const gpu = fleet.nodes.get('gpu-c')?.gpus[0];
        return gpu?.nodeVerdict === null && gpu;
      },
      { what: 'no verdict', timeoutMs: 15_000, everyMs: 1_000 },
    );
    expect(gpu.usage?.channels.util?.values.length).toBeGreaterThan(5);
  });

  it('keeps telling about a GPU whose exporter is gone, by the age of its last sample', async () => {
    const source = usage('dcgm');
    const before = await source.read(nodeNames, signal);
    const last = before.nodes.get('gpu-a')?.gpus[0]?.lastSampleMs ?? 0;
    expect(last).toBeGreaterThan(0);
    await exporters[0]?.close();
    const fleet = await waitUntil(
      async () => {
        const fleet = await source.read(nodeNames, signal);
        return fleet.nodes.get('gpu-a')?.gpus[0]?.usage === null && fleet;
      },
      { what: 'stale', timeoutMs: 30_000, everyMs: 1_000 },
    );
    expect(fleet.complete).toBe(true);
    expect(codes(fleet)).toContain('stale');
    const gone = fleet.nodes.get('gpu-a')?.gpus ?? [];
    expect(gone.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(gone[0]?.lastSampleMs ?? 0).toBeLessThan(Date.now() - 9_000);
    expect(gone[0]?.lastSampleMs ?? 0).toBeGreaterThanOrEqual(last - 100);
  });

  it('draws no conclusion from a window with a hole after a restart of Prometheus', async () => {
    const source = usage('dcgm', 40_000);
    await source.read(nodeNames, signal);
    await prometheus.halt();
    await expect(source.read(nodeNames, signal)).rejects.toMatchObject({ code: 'unreachable' });
    await sleep(6_000);
    await prometheus.start();
    const startedMs = Date.now();
    const lastSampleMs = (fleet: FleetUsage): number =>
      fleet.nodes.get('gpu-b.example.com')?.gpus[0]?.lastSampleMs ?? 0;
    const fleet = await waitUntil(
      async () => {
        const fleet = await source.read(nodeNames, signal);
        return lastSampleMs(fleet) > startedMs && fleet;
      },
      { what: 'new samples', timeoutMs: 30_000, everyMs: 500 },
    );
    expect(fleet.complete).toBe(true);
    expect(fleet.nodes.get('gpu-b.example.com')?.gpus[0]?.usage).toBeNull();
    expect(codes(fleet)).toContain('low_coverage');
  });
});

function codes(fleet: FleetUsage): string[] {
  return [...new Set(fleet.problems.map(({ code }) => code))].sort();
}

function utilOf(fleet: FleetUsage, node: string, index: number) {
  return fleet.nodes.get(node)?.gpus.find((gpu) => gpu.index === index)?.usage?.channels.util;
}

/** All samples are what was played, at one second, without a hole. */
function expectWaveform(
  gpu: GpuObservation | undefined,
  from: PlayedGpu | undefined,
  fleet: FleetUsage,
): void {
  const util = gpu?.usage?.channels.util;
  const power = gpu?.usage?.channels.power;
  const periodMs = from?.periodMs ?? 0;
  expect(gpu?.usage?.sampling).toBe('scraped');
  const times = [...(util?.timesSeconds ?? [])];
  expect(times.length).toBeGreaterThan(8);
  expect(times.at(-1)).toBeLessThanOrEqual(fleet.timeMs / 1_000);
  for (const [at, time] of times.slice(1).entries()) {
    expect(time - (times[at] ?? 0)).toBeCloseTo(1, 1);
  }
  for (const [at, time] of times.entries()) {
    const value = util?.values[at] ?? -1;
    expect(power?.values[at]).toBeCloseTo(60 + value * 3.25, 3);
    // A scrape renders some ms after its time stamp: near an edge either value is right.
    const right = [square(time * 1_000, periodMs), square(time * 1_000 + 300, periodMs)];
    expect(right).toContain(Math.round(value * 1_000) / 1_000);
  }
}

/** A GPU in MIG mode: what was played of its instances, and the whole of one scrape out of both. */
function expectInstances(gpu: GpuObservation | undefined): void {
  const [first, second] = gpu?.instances ?? [];
  expect(gpu?.instances).toHaveLength(2);
  expect([...new Set(second?.usage?.channels.util?.values)]).toEqual([100]);
  const parts = first?.usage?.channels.util;
  const whole = gpu?.usage?.channels;
  expect(parts?.values.length).toBeGreaterThan(8);
  expect(whole?.util?.timesSeconds).toEqual(parts?.timesSeconds);
  for (const [at, value] of (parts?.values ?? []).entries()) {
    expect([5, 95]).toContain(value);
    expect(whole?.util?.values[at]).toBeCloseTo((3 * value + 4 * 100) / 7);
  }
  expect([...new Set(whole?.memUsed?.values)]).toEqual([3_000]);
  expect([...new Set(whole?.power?.values)]).toEqual([200.5]);
}

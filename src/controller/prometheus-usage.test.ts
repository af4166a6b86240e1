import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  errorAnswer,
  startFakePrometheus,
  type AskedQuery,
  type FakePrometheus,
  type FakeReply,
} from '../../test/support/fake-prometheus/fake-prometheus.ts';
import {
  dcgmFleet,
  labelsOf,
  nodeNames,
  samples,
  scrapeSeconds,
} from '../../test/support/controller/dcgm-fleet.ts';
import { TinyStore } from '../../test/support/fake-prometheus/tiny-store.ts';
import { systemClock } from '../lib/clock.ts';
import { createRandom } from '../lib/random.ts';
import { createPrometheusClient, type PrometheusClient } from '../prometheus/client.ts';
import { createPrometheusUsage, type PrometheusUsageOptions } from './prometheus-usage.ts';
import type { FleetUsage, UsageSource } from './usage-source.ts';

const signal = new AbortController().signal;
let server: FakePrometheus;
let store: TinyStore;
let client: PrometheusClient;
let nowSeconds: number;

beforeEach(async () => {
  nowSeconds = Math.floor(Date.now() / 1_000);
  store = new TinyStore([], nowSeconds);
  server = await startFakePrometheus((query) => store.answer(query));
  client = createPrometheusClient({ url: server.url, timeoutMs: 5_000, maxBodyBytes: 5_000_000 });
});
afterEach(async () => {
  client.close();
  await server.close();
});

function source(options: Partial<PrometheusUsageOptions> = {}): UsageSource {
  return createPrometheusUsage({
    client,
    dialects: 'auto',
    nodeLabels: ['node', 'Hostname', 'instance'],
    windowMs: 600_000,
    inFlight: 2,
    shardBytes: 100_000,
    ...options,
  });
}

const isWindow = ({ form }: AskedQuery): boolean => (form.get('query') ?? '').endsWith('ms]');
const usable = (fleet: FleetUsage): string[] =>
  [...fleet.nodes.values()].flatMap(({ gpus }) =>
    gpus.flatMap(({ uuid, usage }) => (usage === null ? [] : [uuid])),
  );
const codes = (fleet: FleetUsage): string[] => fleet.problems.map(({ code }) => code);

describe('controller/prometheus-usage', () => {
  it('reads a fleet, then only what is new', async () => {
    store.series = dcgmFleet(nowSeconds, 20);
    const usage = source();
    const first = await usage.read(nodeNames, signal);
    expect(first).toMatchObject({ complete: true, problems: [], unmatched: [] });
    expect(usable(first)).toHaveLength(40);
    const cold = client.costs().byOutcome.ok?.bytes ?? 0;
    nowSeconds += 30;
    store.nowSeconds = nowSeconds;
    store.series = dcgmFleet(nowSeconds, 20);
    const second = await usage.read(nodeNames, signal);
    expect(usable(second)).toHaveLength(40);
    const warm = (client.costs().byOutcome.ok?.bytes ?? 0) - cold;
    expect(warm).toBeLessThan(cold / 2);
    const util = second.nodes.get('node-3')?.gpus[1]?.usage?.channels.util;
    expect(util?.timesSeconds.length).toBeGreaterThanOrEqual(39);
  });

  it.each<[string, FakeReply, string]>([
    [
      'starting',
      { status: 503, contentType: 'text/plain', body: 'Service Unavailable' },
      'starting',
    ],
    ['a login page', { contentType: 'text/html', body: '<html>' }, 'not_prometheus'],
    ['truncated', { body: '{"status":"success","data":{"resu' }, 'truncated'],
    ['status error', { body: errorAnswer('internal', 'broken') }, 'query_failed'],
    ['unauthorized', { status: 401, body: '' }, 'unauthorized'],
  ])('throws when nothing at all can be read: %s', async (_name, reply, code) => {
    server.answer = () => reply;
    await expect(source().read(nodeNames, signal)).rejects.toMatchObject({ code });
  });

  it('tells when there are no series of GPUs at all', async () => {
    const fleet = await source().read(nodeNames, signal);
    expect(codes(fleet)).toEqual(['no_gpu_series']);
    expect(fleet.nodes.size).toBe(0);
  });

  it('halves refused shards within the read and keeps the size', async () => {
    store.series = dcgmFleet(nowSeconds, 20);
    let refused = 0;
    server.answer = (query) => {
      const text = query.form.get('query') ?? '';
      if (isWindow(query) && text.split('|10').length > 3) {
        refused += 1;
        return {
          status: 422,
          body: errorAnswer('execution', 'query processing would load too many samples'),
        };
      }
      return store.answer(query);
    };
    const usage = source({ shardBytes: 1_200_000 });
    const first = await usage.read(nodeNames, signal);
    expect(first.complete).toBe(true);
    expect(usable(first)).toHaveLength(40);
    expect(refused).toBeGreaterThan(0);
    const again = source({ shardBytes: 1_200_000 });
    expect(usable(await again.read(nodeNames, signal))).toHaveLength(40);
  });

  it.each<[string, Record<string, unknown>]>([
    ['warnings', { warnings: ['store node-2 is down'] }],
    ['isPartial', { isPartial: true }],
  ])(
    'uses what a partial answer holds and concludes nothing from what it lacks: %s',
    async (_name, extra) => {
      store.series = dcgmFleet(nowSeconds, 10);
      const usage = source();
      await usage.read(nodeNames, signal);
      nowSeconds += 30;
      store.nowSeconds = nowSeconds;
      store.series = dcgmFleet(nowSeconds, 10, (at) => (at >= 46 ? '77' : '50')).slice(0, 40);
      server.answer = (query) => store.answer(query, extra);
      const fleet = await usage.read(nodeNames, signal);
      expect(fleet.complete).toBe(false);
      expect(codes(fleet)).toContain('partial_answer');
      const gpus = [...fleet.nodes.values()].flatMap(({ gpus }) => gpus);
      expect(gpus).toHaveLength(20);
      expect(fleet.nodes.get('node-0')?.gpus[0]?.usage?.channels.util?.values.at(-1)).toBe(77);
      // The other half keeps what it had; none became empty.
      for (const { usage } of gpus)
        expect(usage?.channels.util?.values.every((value) => value >= 50)).toBe(true);
      // Whole again: what was missing is fetched back to where it was missing.
      nowSeconds += 60;
      store.nowSeconds = nowSeconds;
      store.series = dcgmFleet(nowSeconds, 10);
      server.answer = (query) => store.answer(query);
      const whole = await usage.read(nodeNames, signal);
      expect(whole.complete).toBe(true);
      const late = whole.nodes.get('node-9')?.gpus[1]?.usage?.channels.util?.timesSeconds;
      const lateTimes = [...(late ?? [])];
      for (const [at, time] of lateTimes.slice(1).entries()) {
        expect(time - (lateTimes[at] ?? 0)).toBe(scrapeSeconds);
      }
    },
  );

  it('reports failed shards as incomplete and brings the rest', async () => {
    store.series = dcgmFleet(nowSeconds, 10);
    server.answer = (query) =>
      isWindow(query) && /10[.\\]+0[.\\]+0[.\\]+4:/.test(query.form.get('query') ?? '')
        ? { status: 400, body: errorAnswer('bad_data', 'no') }
        : store.answer(query);
    const fleet = await source({ shardBytes: 16_384 }).read(nodeNames, signal);
    expect(fleet.complete).toBe(false);
    expect(codes(fleet)).toContain('query_failed');
    expect(usable(fleet).length).toBeGreaterThan(10);
    expect(fleet.nodes.get('node-4')?.gpus).toHaveLength(2);
    expect(fleet.nodes.get('node-4')?.gpus[0]?.usage).toBeNull();
  });

  it('drops impossible values, and is the same for any order of series', async () => {
    const bad = ['NaN', '+Inf', '-5', '101', '65535'];
    const dirty = dcgmFleet(nowSeconds, 2, (at) =>
      at % 12 === 0 ? (bad[(at / 12) % bad.length] ?? '') : '40',
    );
    const twice = dirty.map(({ metric, values }) => ({
      metric: { ...metric, replica: 'b' },
      values: values.slice(16).map(([time]) => [time + 4, '60'] as [number, string]),
    }));
    const mig = {
      metric: { ...labelsOf(0, 5, 'DCGM_FI_DEV_FB_USED'), GPU_I_ID: '3' },
      values: samples(nowSeconds, () => '1'),
    };
    const all = [...dirty, ...twice, mig];
    const random = createRandom(5);
    const clock = { ...systemClock, now: () => nowSeconds * 1_000 };
    const seen = new Set<string>();
    for (let round = 0; round < 50; round += 1) {
      store.series = all
        .map((one) => ({ one, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      const fleet = await source({ clock }).read(nodeNames, signal);
      const gpu = fleet.nodes.get('node-1')?.gpus[1];
      expect([...new Set(gpu?.usage?.channels.util?.values)]).toEqual([40]);
      expect(codes(fleet).sort()).toEqual([
        'ambiguous_series',
        'implausible_values',
        'no_utilisation',
      ]);
      seen.add(JSON.stringify([...fleet.nodes.values()]));
    }
    expect(seen.size).toBe(1);
  });

  it('fills its windows whatever our clock says, and tells the difference', async () => {
    nowSeconds -= 600;
    store.nowSeconds = nowSeconds;
    store.series = dcgmFleet(nowSeconds, 2);
    const askedMs = Date.now();
    const fleet = await source().read(nodeNames, signal);
    expect(codes(fleet)).toEqual(['clock_skew']);
    expect(usable(fleet)).toHaveLength(4);
    const last = fleet.nodes.get('node-0')?.gpus[0]?.lastSampleMs ?? 0;
    // By our clock, from the moment of the question on; the samples of the store are younger than 30 s.
    expect(last).toBeGreaterThan(askedMs - 30_000);
    expect(last).toBeLessThanOrEqual(Date.now());
  });

  it('reports series that belong to no known node, with their labels', async () => {
    store.series = dcgmFleet(nowSeconds, 3);
    const fleet = await source().read(['node-0', 'other'], signal);
    expect([...fleet.nodes.keys()]).toEqual(['node-0']);
    expect(fleet.unmatched).toEqual([
      { labels: 'Hostname=node-1, instance=10.0.0.1:9400', seriesCount: 6 },
      { labels: 'Hostname=node-2, instance=10.0.0.2:9400', seriesCount: 6 },
    ]);
    expect(
      server.asked.filter(isWindow).every(({ form }) => !form.get('query')?.includes('0.1:')),
    ).toBe(true);
    expect(fleet.complete).toBe(true);
    expect(fleet.problems).toEqual([
      expect.objectContaining({
        code: 'unmatched_series',
        detail:
          '12 series match no node, such as those with Hostname=node-1, instance=10.0.0.1:9400',
        hint: expect.stringMatching(
          /node\.labels \(now node, Hostname, instance\).*target_label: node/,
        ),
      }),
    ]);
    const byAddress = source({
      nodeLabels: ['instance'],
      nodeAddresses: () => new Map([['10.0.0.2', 'other']]),
    });
    expect([...(await byAddress.read(['other'], signal)).nodes.keys()]).toEqual(['other']);
  });

  it('stops at once when told to', async () => {
    server.answer = () => ({ hang: true });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopping')), 30);
    await expect(source().read(nodeNames, stop.signal)).rejects.toThrow('stopping');
  });
});

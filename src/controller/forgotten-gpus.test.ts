import { afterEach, describe, expect, it } from 'vitest';
import { dcgmFleet } from '../../test/support/controller/dcgm-fleet.ts';
import {
  startFakePrometheus,
  type FakePrometheus,
} from '../../test/support/fake-prometheus/fake-prometheus.ts';
import { TinyStore } from '../../test/support/fake-prometheus/tiny-store.ts';
import { createPrometheusClient, type PrometheusClient } from '../prometheus/client.ts';
import { createPrometheusUsage } from './prometheus-usage.ts';
import type { FleetUsage } from './usage-source.ts';

let server: FakePrometheus | undefined;
let client: PrometheusClient | undefined;

afterEach(async () => {
  client?.close();
  await server?.close();
});

describe('controller/prometheus-usage, what is gone', () => {
  it.each<[string, Record<string, unknown>]>([
    ['complete', {}],
    ['never complete', { warnings: ['a store is down'] }],
  ])('forgets a GPU and the facts of it when its node is deleted: answers %s', async (_, extra) => {
    let nowSeconds = Math.floor(Date.now() / 1_000);
    const store = new TinyStore([], nowSeconds);
    server = await startFakePrometheus((query) => store.answer(query, extra));
    client = createPrometheusClient({
      url: server.url,
      timeoutMs: 5_000,
      maxBodyBytes: 5_000_000,
    });
    const usage = createPrometheusUsage({
      client,
      dialects: 'auto',
      nodeLabels: ['Hostname'],
      windowMs: 600_000,
      inFlight: 2,
      shardBytes: 100_000,
    });
    const of = async (model: string, names: readonly string[]): Promise<FleetUsage> => {
      nowSeconds += 30;
      store.nowSeconds = nowSeconds;
      store.series = dcgmFleet(nowSeconds, 2).map((series) => ({
        ...series,
        metric: { ...series.metric, modelName: model },
      }));
      return await usage.read(names, new AbortController().signal);
    };
    const names = ['node-0', 'node-1'];
    expect((await of('A100', names)).nodes.get('node-1')?.gpus[0]?.model).toBe('A100');
    expect([...(await of('A100', ['node-0'])).nodes.keys()]).toEqual(['node-0']);
    // Remembered, its facts would not be asked for before they are ten minutes old.
    const again = await of('H100', names);
    expect(again.nodes.get('node-1')?.gpus[0]?.model).toBe('H100');
    // The other's are, and are not asked for in each cycle.
    expect(again.nodes.get('node-0')?.gpus[0]?.model).toBe('A100');
  });
});

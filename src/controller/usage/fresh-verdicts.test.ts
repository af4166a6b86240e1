import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startFakePrometheus,
  type FakePrometheus,
  type FakeSeries,
} from '../../../test/support/fake-prometheus/fake-prometheus.ts';
import { TinyStore } from '../../../test/support/fake-prometheus/tiny-store.ts';
import { createPrometheusClient, type PrometheusClient } from '../../prometheus/client.ts';
import { createPrometheusUsage } from '../prometheus-usage.ts';
import type { GpuObservation } from '../usage-source.ts';

const target = { node: 'node-0', gpu: '0', uuid: 'GPU-a', instance: 'node-0:9876' };

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

function verdictSeries(atSeconds: number): FakeSeries[] {
  const values: Readonly<Record<string, string>> = {
    gpu_up: '1',
    gpu_usage_confidence_ratio: '0.9',
    gpu_usage_as_of_timestamp_seconds: String(atSeconds),
    gpu_usage_pattern_info: '1',
  };
  return Object.entries(values).map(([name, value]) => ({
    metric: {
      ...target,
      __name__: name,
      ...(name.endsWith('_info') ? { pattern: 'steady', job_type: 'Others' } : {}),
    },
    values: [[atSeconds, value]],
  }));
}

/** Ten minutes of utilisation, a sample every 15 s. */
function utilSeries(): FakeSeries {
  return {
    metric: { ...target, __name__: 'gpu_utilization_ratio' },
    values: Array.from({ length: 40 }, (_, at) => [nowSeconds - (40 - at) * 15, '0.5']),
  };
}

function pass(seconds: number): void {
  nowSeconds += seconds;
  store.nowSeconds = nowSeconds;
}

describe('controller/usage/fresh-verdicts', () => {
  it('keeps to the verdict of a node through a failed scrape, until the verdict is old', async () => {
    const usage = createPrometheusUsage({
      client,
      dialects: 'auto',
      nodeLabels: ['node'],
      windowMs: 600_000,
      inFlight: 2,
      shardBytes: 100_000,
    });
    const { signal } = new AbortController();
    const read = async (): Promise<GpuObservation | undefined> => {
      const { nodes } = await usage.read(['node-0'], signal);
      return nodes.get('node-0')?.gpus[0];
    };
    store.series = [...verdictSeries(nowSeconds - 15), utilSeries()];
    expect((await read())?.nodeVerdict?.pattern).toBe('steady');
    // A failed scrape: the server marks all series of the target as stale.
    pass(15);
    store.series = [utilSeries()];
    expect(await read()).toMatchObject({ nodeVerdict: { pattern: 'steady' }, usage: null });
    pass(120);
    store.series = [utilSeries(), ...verdictSeries(nowSeconds).slice(0, 1)];
    expect((await read())?.nodeVerdict).toBeNull();
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startFakePrometheus,
  type FakePrometheus,
  type FakeSeries,
} from '../../test/support/fake-prometheus/fake-prometheus.ts';
import { TinyStore } from '../../test/support/fake-prometheus/tiny-store.ts';
import { createPrometheusClient, type PrometheusClient } from './client.ts';
import { RangeWindows } from './range-windows.ts';
import type { ShardItem } from './sharded-query.ts';

const signal = new AbortController().signal;
let server: FakePrometheus;
let store: TinyStore;
let client: PrometheusClient;

beforeEach(async () => {
  store = new TinyStore([], 1_000);
  server = await startFakePrometheus((query) => store.answer(query));
  client = createPrometheusClient({ url: server.url, timeoutMs: 2_000, maxBodyBytes: 5_000_000 });
});
afterEach(async () => {
  client.close();
  await server.close();
});

function host(name: string, until: number, from = 0): FakeSeries {
  const count = Math.max(0, Math.floor((until - from) / 5));
  return {
    metric: { __name__: 'm', instance: name, gpu: '0' },
    values: Array.from({ length: count }, (_, at) => [from + (at + 1) * 5, String(at)] as const),
  };
}

const item = (value: string): ShardItem => ({ label: 'instance', value, seriesCount: 1 });

function windows(): RangeWindows<string> {
  return new RangeWindows<string>({
    client,
    windowSeconds: 100,
    rememberSeconds: 300,
    inFlight: 2,
    shardBytes: 100_000,
    selector: (matcher) => `{__name__=~"m|n",${matcher}}`,
    tag: ({ instance, gpu }) => (gpu === '9' ? null : (instance ?? null)),
    convert: (_tag, value) => value,
  });
}

/** Lengths of the windows asked for since the last call, seconds. */
function askedSeconds(): number[] {
  return server.asked
    .splice(0)
    .map(({ form }) => Number(/\[(\d+)ms\]$/.exec(form.get('query') ?? '')?.[1]) / 1_000);
}

function timesOf(all: RangeWindows<string>, tag: string): number[] {
  const series = [...all.series()].find((one) => one.tag === tag);
  return [...(series?.ring.between(-Infinity, Infinity).timesMs ?? [])].map((time) => time / 1_000);
}

describe('prometheus/range-windows', () => {
  it('fetches the window once, then what is new with an overlap, and a newcomer in full', async () => {
    const all = windows();
    store.series = [host('a', 1_000)];
    await all.refresh({ items: [item('a')], atSeconds: 1_000, overlapSeconds: 10, signal });
    expect(askedSeconds()).toEqual([100]);
    store.series = [host('a', 1_030), host('b', 1_030)];
    await all.refresh({
      items: [item('a'), item('b')],
      atSeconds: 1_030,
      overlapSeconds: 10,
      signal,
    });
    expect(askedSeconds().sort((x, y) => x - y)).toEqual([40, 100]);
    for (const tag of ['a', 'b']) {
      expect(timesOf(all, tag)).toEqual(Array.from({ length: 20 }, (_, at) => 935 + at * 5));
    }
  });

  it('fetches back to where a failure began', async () => {
    const all = windows();
    store.series = [host('a', 1_000)];
    await all.refresh({ items: [item('a')], atSeconds: 1_000, overlapSeconds: 10, signal });
    store.series = [host('a', 1_060)];
    server.answer = () => ({ status: 503, contentType: 'text/plain', body: 'not ready' });
    const failed = await all.refresh({
      items: [item('a')],
      atSeconds: 1_030,
      overlapSeconds: 10,
      signal,
    });
    expect(failed.failures[0]?.error.code).toBe('starting');
    askedSeconds();
    server.answer = (query) => store.answer(query);
    await all.refresh({ items: [item('a')], atSeconds: 1_060, overlapSeconds: 10, signal });
    expect(askedSeconds()).toEqual([70]);
    expect(timesOf(all, 'a')).toEqual(Array.from({ length: 20 }, (_, at) => 965 + at * 5));
  });

  it('with warnings counts as fetched only what came whole', async () => {
    const all = windows();
    const items = [item('a'), item('b')];
    store.series = [host('a', 1_000), host('b', 1_000)];
    await all.refresh({ items, atSeconds: 1_000, overlapSeconds: 10, signal });
    askedSeconds();
    store.series = [host('a', 1_030)];
    server.answer = (query) => store.answer(query, { warnings: ['store down'] });
    const partial = await all.refresh({ items, atSeconds: 1_030, overlapSeconds: 10, signal });
    expect(partial.warnings).toEqual(['store down']);
    askedSeconds();
    store.series = [host('a', 1_060), host('b', 1_060)];
    server.answer = (query) => store.answer(query);
    await all.refresh({ items, atSeconds: 1_060, overlapSeconds: 10, signal });
    expect(askedSeconds().sort((x, y) => x - y)).toEqual([40, 70]);
    expect(timesOf(all, 'b')).toEqual(timesOf(all, 'a'));
  });

  it('takes in samples that reached the server late, in their place', async () => {
    const all = windows();
    const whole = host('a', 1_000);
    store.series = [{ ...whole, values: whole.values.filter(([time]) => time !== 995) }];
    await all.refresh({ items: [item('a')], atSeconds: 1_000, overlapSeconds: 10, signal });
    expect(timesOf(all, 'a')).not.toContain(995);
    store.series = [host('a', 1_005)];
    await all.refresh({ items: [item('a')], atSeconds: 1_005, overlapSeconds: 10, signal });
    expect(timesOf(all, 'a').slice(-3)).toEqual([995, 1_000, 1_005]);
  });

  it('keeps the newest sample of a silent series for a while, then forgets it', async () => {
    const all = windows();
    store.series = [
      host('a', 1_000),
      { ...host('x', 1_000), metric: { __name__: 'm', instance: 'x', gpu: '9' } },
    ];
    await all.refresh({
      items: [item('a'), item('x')],
      atSeconds: 1_000,
      overlapSeconds: 10,
      signal,
    });
    expect([...all.series()].map(({ tag }) => tag)).toEqual(['a']);
    await all.refresh({ items: [], atSeconds: 1_250, overlapSeconds: 10, signal });
    expect(timesOf(all, 'a')).toEqual([1_000]);
    await all.refresh({ items: [], atSeconds: 1_301, overlapSeconds: 10, signal });
    expect([...all.series()]).toEqual([]);
  });
});

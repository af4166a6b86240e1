import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  errorAnswer,
  matrixAnswer,
  startFakePrometheus,
  type FakePrometheus,
  type FakeReply,
} from '../../test/support/fake-prometheus/fake-prometheus.ts';
import { createPrometheusClient, type PrometheusClient, type Series } from './client.ts';
import { ShardSize, runSharded, type ShardItem, type ShardedOutcome } from './sharded-query.ts';

const tooMany: FakeReply = {
  status: 422,
  body: errorAnswer('execution', 'query processing would load too many samples into memory'),
};
let server: FakePrometheus;
let client: PrometheusClient;

beforeEach(async () => {
  server = await startFakePrometheus(() => ({ body: matrixAnswer([]) }));
  client = createPrometheusClient({ url: server.url, timeoutMs: 300, maxBodyBytes: 1_000_000 });
});
afterEach(async () => {
  client.close();
  await server.close();
});

/** The hosts that a query names. */
function hostsOf(query: string): string[] {
  return [...query.matchAll(/h\d+/g)].map(([host]) => host);
}

function echo(query: string, samples = 10): FakeReply {
  const values = Array.from({ length: samples }, (_, at) => [100 + at, '1'] as const);
  return {
    body: matrixAnswer(hostsOf(query).map((host) => ({ metric: { instance: host }, values }))),
  };
}

async function run(
  count: number,
  options: { size?: ShardSize; windowSeconds?: number; signal?: AbortSignal } = {},
): Promise<{ outcome: ShardedOutcome; series: Series[] }> {
  const items: ShardItem[] = Array.from({ length: count }, (_, at) => ({
    label: 'instance',
    value: `h${at}`,
    seriesCount: 1,
  }));
  const series: Series[] = [];
  const outcome = await runSharded(client, {
    groups: [{ items, atSeconds: 120, windowSeconds: options.windowSeconds ?? 10 }],
    expression: (matcher, range) => `{__name__="m",${matcher}}${range}`,
    size: options.size ?? new ShardSize(20_000),
    inFlight: 2,
    signal: options.signal ?? new AbortController().signal,
    onSeries: (some) => series.push(...some),
  });
  return { outcome, series };
}

describe('prometheus/sharded-query', () => {
  it('asks for everything once, in answers of about the wanted size, never more than two at once', async () => {
    let now = 0;
    let most = 0;
    server.answer = ({ form }) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
      }, 5);
      return { ...echo(form.get('query') ?? ''), delayMs: 5 };
    };
    const { outcome, series } = await run(500);
    expect(outcome).toEqual({ failures: [], warnings: [] });
    expect(new Set(series.map(({ labels }) => labels['instance'])).size).toBe(500);
    expect(series).toHaveLength(500);
    expect(most).toBe(2);
    // Labels are short here: the first shards are cautious (450 bytes a series), later ones fuller.
    const counts = server.asked.map(({ form }) => hostsOf(form.get('query') ?? '').length);
    expect(Math.max(...counts)).toBeGreaterThan(2 * (counts[0] ?? 0));
    const bytes = client.costs().byOutcome.ok?.bytes ?? 0;
    expect(bytes / counts.length).toBeLessThan(20_000);
  });

  it('halves what is refused within the same read, and keeps the learned size', async () => {
    server.answer = ({ form }) => {
      const query = form.get('query') ?? '';
      return hostsOf(query).length > 8 ? tooMany : echo(query);
    };
    const size = new ShardSize(20_000);
    const first = await run(100, { size });
    expect(first.outcome.failures).toEqual([]);
    expect(first.series).toHaveLength(100);
    const refusedBefore = client.costs().byOutcome.too_much?.requests ?? 0;
    expect(refusedBefore).toBeGreaterThan(0);
    expect(size.targetBytes).toBeLessThan(20_000);
    const second = await run(100, { size });
    expect(second.series).toHaveLength(100);
    expect(client.costs().byOutcome.too_much?.requests).toBe(refusedBefore);
  });

  it('is not made timid by one item that is always refused', async () => {
    server.answer = ({ form }) => {
      const query = form.get('query') ?? '';
      return hostsOf(query).includes('h250') ? tooMany : echo(query);
    };
    const size = new ShardSize(20_000);
    for (let round = 0; round < 20; round += 1) await run(500, { size });
    server.asked.length = 0;
    const { outcome } = await run(500, { size });
    const left = outcome.failures.flatMap(({ items }) => items.map(({ value }) => value));
    expect(new Set(left)).toEqual(new Set(['h250']));
    expect(server.asked.length).toBeLessThan(60);
  });

  it('halves the time when a single item is refused', async () => {
    const answered: { from: number; until: number }[] = [];
    server.answer = ({ form }) => {
      const ms = Number(/\[(\d+)ms\]/.exec(form.get('query') ?? '')?.[1]);
      if (ms > 20_000) return tooMany;
      const until = Number(form.get('time'));
      answered.push({ from: until - ms / 1_000, until });
      return echo(form.get('query') ?? '');
    };
    const { outcome } = await run(1, { windowSeconds: 70 });
    expect(outcome.failures).toEqual([]);
    answered.sort((a, b) => a.from - b.from);
    expect(answered[0]?.from).toBe(50);
    expect(answered.at(-1)?.until).toBe(120);
    expect(answered.slice(1).map(({ from }) => from)).toEqual(
      answered.slice(0, -1).map(({ until }) => until),
    );
  });

  it('names what a refusal for good left out, and brings the rest', async () => {
    server.answer = ({ form }) => {
      const query = form.get('query') ?? '';
      return hostsOf(query).includes('h3') ? tooMany : echo(query);
    };
    const { outcome, series } = await run(10, { windowSeconds: 0 });
    expect(outcome.failures.map(({ items }) => items.map(({ value }) => value))).toEqual([['h3']]);
    expect(outcome.failures[0]?.error.code).toBe('too_much');
    expect(series).toHaveLength(9);
  });

  it('stops asking when the whole server fails', async () => {
    server.answer = () => ({ status: 401, body: 'no' });
    const { outcome } = await run(500);
    expect(outcome.failures.flatMap(({ items }) => items)).toHaveLength(500);
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  it('gives up after a few time-outs', async () => {
    server.answer = () => ({ hang: true });
    const { outcome } = await run(500);
    expect(outcome.failures.flatMap(({ items }) => items)).toHaveLength(500);
    expect(outcome.failures[0]?.error.code).toBe('timeout');
    expect(server.asked.length).toBeLessThanOrEqual(4);
  });

  it('recovers its size after a time-out, but not after a limit', () => {
    const size = new ShardSize(1_000_000);
    size.refused(1_000_000, false);
    expect(size.targetBytes).toBe(500_000);
    for (let at = 0; at < 10; at += 1) {
      size.learn({ bytes: 1_000, series: 1, samples: 10, windowSeconds: 10 });
    }
    expect(size.targetBytes).toBe(1_000_000);
    size.refused(1_000_000, true);
    for (let at = 0; at < 10; at += 1) {
      size.learn({ bytes: 1_000, series: 1, samples: 10, windowSeconds: 10 });
    }
    expect(size.targetBytes).toBe(500_000);
  });

  it('passes on that it was told to stop', async () => {
    server.answer = () => ({ hang: true });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopping')), 20);
    await expect(run(500, { signal: stop.signal })).rejects.toThrow('stopping');
  });
});

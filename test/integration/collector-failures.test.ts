import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { buildStandin, placeStandin } from '../support/nvml/standin.ts';
import { waitUntil } from '../support/wait-until.ts';
import { BareServer } from './collector/bare-server.ts';
import { valuesOf, type RunningCollector } from './collector/running-collector.ts';
import { untilRead, useCollectors } from './collector/use-collectors.ts';

const { start } = useCollectors();
const folder = mkdtempSync(join(tmpdir(), 'collector-failures-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a driver that fails', () => {
  const healthy = ['0', '1', '2', '4', '6', '7'];
  const loaded = { devices: 8, all: { util: ['constant', 50] as const } };

  it('loses GPU 3, hangs, and gets everything back: scrapes stay fast, siblings go on, no restart', async () => {
    await buildStandin();
    const standin = await placeStandin(join(folder, 'lost'), loaded);
    const collector = await start('--source', 'nvml', '--nvml.library', standin.library);
    await untilRead(collector);
    const { pid } = collector;
    const watch = watchLatency(collector);

    standin.rewrite({ ...loaded, faults: [{ lost: true, gpu: 3 }] });
    const lost = await collector.until(
      'GPU 3 lost',
      (text) => valuesOf(text, 'gpu_up').get('3') === 0,
    );
    expect(lost).toMatch(/^gpu_down_reason_info\{reason="gpu_lost",.*gpu="3"/m);
    expect(valuesOf(lost, 'gpu_utilization_ratio').has('3')).toBe(false);
    await expectToMove(collector, healthy);

    const hang = { call: 'nvmlDeviceGetMemoryInfo_v2', gpu: 5, hangSeconds: 10 } as const;
    standin.rewrite({ ...loaded, faults: [{ lost: true, gpu: 3 }, hang] });
    const hung = await collector.until(
      'GPU 5 hung',
      (text) => valuesOf(text, 'gpu_up').get('5') === 0,
    );
    expect(hung).toMatch(/^gpu_down_reason_info\{reason="call_hung",.*gpu="5"/m);
    const ready = await collector.get('/readyz');
    expect(ready.status).toBe(503);
    expect(String(ready.body)).toContain('call_hung');
    await expectToMove(collector, healthy);

    standin.rewrite(loaded);
    await collector.until(
      'every GPU back, with values',
      (text) =>
        [...valuesOf(text, 'gpu_up').values()].every((up) => up === 1) &&
        valuesOf(text, 'gpu_utilization_ratio').size === 8,
      60_000,
    );
    expect((await collector.get('/readyz')).status).toBe(200);

    const { ours, bare } = await watch.stop();
    expect(ours.length).toBeGreaterThan(100);
    // What the machine adds is not the collector's: a bare server asked in turns tells how much that is.
    expect(at(ours, 0.5)).toBeLessThan(10 + at(bare, 0.5));
    expect(at(ours, 0.99)).toBeLessThan(10 + 2 * at(bare, 0.99));
    expect(at(ours, 1)).toBeLessThan(100 + 2 * at(bare, 1));
    expect(collector.pid).toBe(pid);
    expect(collector.log).not.toContain('stopped');
  }, 120_000);

  it('reads the other GPUs while five hang at once', async () => {
    const standin = await placeStandin(join(folder, 'five-hang'), loaded);
    const collector = await start('--source', 'nvml', '--nvml.library', standin.library);
    await untilRead(collector);
    const sick = [0, 1, 2, 4, 6];
    standin.rewrite({
      ...loaded,
      faults: sick.map((gpu) => ({ call: 'nvmlDeviceGetMemoryInfo_v2', gpu, hangSeconds: 300 })),
    });
    const hung = await collector.until(
      'five GPUs hung',
      (text) => sick.every((gpu) => valuesOf(text, 'gpu_up').get(String(gpu)) === 0),
      60_000,
    );
    expect(hung.match(/^gpu_down_reason_info\{reason="call_hung"/gm)).toHaveLength(5);
    await expectToMove(collector, ['3', '5', '7']);
    expect(valuesOf(await collector.metrics(), 'gpu_up').get('7')).toBe(1);
  }, 120_000);

  it('says why it is about to end when only a new container helps, and ends with exit code 1', async () => {
    const standin = await placeStandin(join(folder, 'replaced'), loaded);
    const collector = await start('--source', 'nvml', '--nvml.library', standin.library);
    await untilRead(collector);
    const replaced = { call: 'nvmlDeviceGetMemoryInfo_v2', code: 18 } as const;
    standin.rewrite({ ...loaded, faults: [replaced] });
    const text = await collector.until('the reason', (found) =>
      found.includes('reason="version_mismatch"'),
    );
    expect(valuesOf(text, 'gpu_profiler_source_up').get('')).toBe(0);
    expect((await collector.get('/healthz')).status).toBe(503);
    expect(collector.log).toContain('ending soon: only a new process or container can help');
    collector.terminate();
    expect(await collector.exit).toBe(1);
  });

  it('ends within 2 s of SIGTERM while a call hangs', async () => {
    const standin = await placeStandin(join(folder, 'hang'), loaded);
    const collector = await start('--source', 'nvml', '--nvml.library', standin.library);
    await untilRead(collector);
    standin.rewrite({ ...loaded, faults: [{ call: '*', gpu: 0, hangSeconds: 30 }] });
    await collector.until('GPU 0 hung', (text) => valuesOf(text, 'gpu_up').get('0') === 0);
    const startedMs = performance.now();
    collector.terminate();
    expect(await collector.exit).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it.each([
    ['giving the driver back hangs', 'nvmlShutdown', 'gpu source open'],
    ['a call hangs while the GPUs are enumerated', 'nvmlDeviceGetName', 'listening'],
  ])('ends within 2 s of SIGTERM when %s, before that counts as hung', async (_, call, since) => {
    const hangs = { ...loaded, faults: [{ call, hangSeconds: 60 }] };
    const standin = await placeStandin(join(folder, call), hangs);
    const { library } = standin;
    const collector = await start('--source', 'nvml', '--nvml.library', library);
    await waitUntil(() => collector.log.includes(since), { what: since, timeoutMs: 10_000 });
    await sleep(300);
    const startedMs = performance.now();
    collector.terminate();
    expect(await Promise.race([collector.exit, sleep(5_000, 'still there')])).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

/** Busy seconds of these GPUs grow: they are read, not repeated. */
async function expectToMove(collector: RunningCollector, gpus: readonly string[]): Promise<void> {
  const before = valuesOf(await collector.metrics(), 'gpu_busy_seconds_total');
  await waitUntil(
    async () => {
      const now = valuesOf(await collector.metrics(), 'gpu_busy_seconds_total');
      return gpus.every((gpu) => (now.get(gpu) ?? 0) > (before.get(gpu) ?? Infinity));
    },
    { what: 'siblings reporting', timeoutMs: 10_000 },
  );
}

interface Latencies {
  readonly ours: number[];
  readonly bare: number[];
}

/** Asks collector and a bare server in turns, every 50 ms, and keeps how long each took, ms. */
function watchLatency(collector: RunningCollector): { stop: () => Promise<Latencies> } {
  const latencies: Latencies = { ours: [], bare: [] };
  const server = new BareServer();
  const end = new AbortController();
  const loop = (async () => {
    while (!end.signal.aborted) {
      latencies.ours.push((await collector.get('/metrics', { 'accept-encoding': 'gzip' })).ms);
      latencies.bare.push((await server.get()).ms);
      await sleep(50);
    }
  })().finally(() => server.stop());
  // Told to who stops the watch; until then a test that failed says why itself.
  loop.catch(() => undefined);
  return {
    stop: async () => {
      end.abort();
      await loop;
      return latencies;
    },
  };
}

/** The value below which the share lies; 1 is the largest. */
function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

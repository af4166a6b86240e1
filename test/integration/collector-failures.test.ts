import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { buildStandin, placeStandin } from '../support/nvml/standin.ts';
import { waitUntil } from '../support/wait-until.ts';
import { valuesOf, type RunningCollector } from './collector/running-collector.ts';
import { untilRead, useCollectors } from './collector/use-collectors.ts';

const { start } = useCollectors();
const folder = mkdtempSync(join(tmpdir(), 'collector-failures-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a driver that fails', () => {
  const healthy = ['0', '1', '2', '4', '6', '7'];
  const loaded = { devices: 8, all: { util: ['constant', 50] as const } };

  it('loses GPU 3, hangs, and gets everything back: scrapes are answered, siblings go on, no restart', async () => {
    await buildStandin();
    const standin = await placeStandin(join(folder, 'lost'), loaded);
    const collector = await start('--source', 'nvml', '--nvml.library', standin.library);
    await untilRead(collector);
    const { pid } = collector;

    standin.rewrite({ ...loaded, faults: [{ lost: true, gpu: 3 }] });
    const lost = await collector.until(
      'GPU 3 lost',
      (text) => valuesOf(text, 'gpu_up').get('3') === 0,
    );
    expect(lost).toMatch(/^gpu_down_reason_info\{reason="gpu_lost",.*gpu="3"/m);
    expect(valuesOf(lost, 'gpu_utilization_ratio').has('3')).toBe(false);
    await expectToMove(collector, healthy);

    const hang = { call: 'nvmlDeviceGetMemoryInfo_v2', gpu: 5, hangSeconds: 20 } as const;
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
    // All of that was answered before the call returned.
    expect(valuesOf(await collector.metrics(), 'gpu_up').get('5')).toBe(0);

    standin.rewrite(loaded);
    await collector.until(
      'every GPU back, with values',
      (text) =>
        [...valuesOf(text, 'gpu_up').values()].every((up) => up === 1) &&
        valuesOf(text, 'gpu_utilization_ratio').size === 8,
      60_000,
    );
    expect((await collector.get('/readyz')).status).toBe(200);

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

  it('ends at SIGTERM while a call hangs, without the call and before its grace is over', async () => {
    const standin = await placeStandin(join(folder, 'hang'), loaded);
    const collector = await start('--source', 'nvml', '--nvml.library', standin.library);
    await untilRead(collector);
    standin.rewrite({ ...loaded, faults: [{ call: '*', gpu: 0, hangSeconds: 600 }] });
    await collector.until('GPU 0 hung', (text) => valuesOf(text, 'gpu_up').get('0') === 0);
    collector.terminate();
    expect(await collector.exit).toBe(0);
  });

  it.each([
    ['giving the driver back hangs', 'nvmlShutdown', 'gpu source open'],
    ['a call hangs while the GPUs are enumerated', 'nvmlDeviceGetName', 'listening'],
  ])('ends at SIGTERM when %s, before that counts as hung', async (_, call, since) => {
    const hangs = { ...loaded, faults: [{ call, hangSeconds: 600 }] };
    const standin = await placeStandin(join(folder, call), hangs);
    const { library } = standin;
    const collector = await start('--source', 'nvml', '--nvml.library', library);
    await waitUntil(() => collector.log.includes(since), { what: since, timeoutMs: 10_000 });
    await sleep(300);
    collector.terminate();
    expect(await collector.exit).toBe(0);
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

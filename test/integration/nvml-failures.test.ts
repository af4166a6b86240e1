import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { createNvmlSource } from '../../src/gpu/nvml-source.ts';
import { standInUuid } from '../../src/gpu/source.ts';
import type { GpuUpdate } from '../../src/gpu/source.ts';
import { readAll, untilScriptIsRead, useStandins } from '../support/nvml/use-standins.ts';

const standins = useStandins();
const signal = new AbortController().signal;

const uuid = (index: number): string =>
  `GPU-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const statusOf = (update: GpuUpdate): string =>
  update.status.up ? 'up' : `down ${update.status.reason}`;

describe('failures of the whole source', () => {
  it.each([
    [9, 'driver_not_loaded', false],
    [18, 'version_mismatch', true],
    [4, 'no_permission', false],
    [12, 'library_missing', false],
    [17, 'access_blocked', false],
    [999, 'driver_error', false],
  ] as const)(
    'nvmlInit code %i is %s (fatal: %s), and opening again works',
    async (code, name, fatal) => {
      const { source, standin } = await standins.setUp({ faults: [{ call: 'nvmlInit_v2', code }] });
      const opened = source.open(signal);
      await expect(opened).rejects.toMatchObject({ code: name, fatal, hint: expect.any(String) });
      standin.rewrite({ devices: 3 });
      await untilScriptIsRead();
      expect(await source.open(signal)).toHaveLength(3);
    },
  );

  it.each([
    [1, 'driver_error', false],
    [9, 'driver_not_loaded', false],
    [18, 'version_mismatch', true],
    [28, 'driver_error', false],
  ] as const)('code %i from a reading is thrown as %s (fatal: %s)', async (code, name, fatal) => {
    const { source, standin } = await standins.setUp({ devices: 2 });
    await source.open(signal);
    standin.rewrite({ devices: 2, faults: [{ call: 'nvmlDeviceGetMemoryInfo_v2', gpu: 1, code }] });
    await untilScriptIsRead();
    await expect(source.read('memory', signal)).rejects.toMatchObject({ code: name, fatal });
    await source.close();
    standin.rewrite({ devices: 2 });
    await untilScriptIsRead();
    await source.open(signal);
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['up', 'up']);
  });

  it('no GPU, no library, not a driver library', async () => {
    const { source } = await standins.setUp({ devices: 0 });
    await expect(source.open(signal)).rejects.toMatchObject({ code: 'no_gpu' });
    const missing = createNvmlSource({ library: join(standins.folder, 'nothing.so') });
    await expect(missing.open(signal)).rejects.toMatchObject({
      code: 'library_missing',
      hint: expect.stringContaining('container toolkit'),
    });
    const { source: other } = await standins.setUp(
      {},
      {},
      { absent: ['nvmlInit_v2', 'nvmlShutdown'] },
    );
    await expect(other.open(signal)).rejects.toMatchObject({
      code: 'library_missing',
      message: expect.stringContaining('nvmlInit_v2'),
    });
  });

  it('unknown errors on every GPU, read after read: only a new container helps', async () => {
    const { source, standin } = await standins.setUp({ devices: 2 });
    await source.open(signal);
    await readAll(source, 'memory');
    const allFail = { call: '*', code: 999 } as const;
    standin.rewrite({ devices: 2, faults: [{ ...allFail, gpu: 0 }] });
    await untilScriptIsRead();
    for (let read = 0; read < 8; read += 1) await readAll(source, 'memory');
    const oneFails = await readAll(source, 'memory');
    expect(oneFails.map(statusOf)).toEqual(['down unknown_error', 'up']);
    standin.rewrite({ devices: 2, faults: [allFail] });
    await untilScriptIsRead();
    for (let read = 0; read < 4; read += 1) await readAll(source, 'memory');
    const failed = source.read('memory', signal);
    await expect(failed).rejects.toMatchObject({ code: 'driver_error', fatal: true });
  });
});

describe('a GPU that is lost', () => {
  const returnProbe = { baseMs: 40, capMs: 80 };

  it.each([
    ['lost', { lost: true, gpu: 1 }, 'down gpu_lost'],
    ['in need of a reset', { call: '*', code: 16, gpu: 1 }, 'down reset_required'],
  ] as const)('(%s) takes nothing from its siblings and comes back', async (_, fault, status) => {
    const script = { devices: 3, all: { util: ['constant', 30] } } as const;
    const { source, standin, calls } = await standins.setUp(script, {
      returnProbe,
      drainIntervalMs: 20,
    });
    await source.open(signal);
    expect((await readAll(source, 'usage')).map(statusOf)).toEqual(['up', 'up', 'up']);
    standin.rewrite({ ...script, faults: [fault] });
    await untilScriptIsRead();
    for (const tier of ['usage', 'memory', 'slow', 'usage'] as const) {
      const updates = await readAll(source, tier);
      expect(updates.map(statusOf)).toEqual(['up', status, 'up']);
      expect(updates[1]?.readings).toBeUndefined();
      expect(Object.keys(updates[2]?.readings ?? {}).length).toBeGreaterThan(2);
      await sleep(50);
    }
    expect(calls('nvmlDeviceGetHandleByPciBusId_v2')).toBeGreaterThan(0);
    expect(calls('calls_on_lost_handles')).toBe(0);
    standin.rewrite(script);
    await sleep(150);
    const back = await readAll(source, 'usage');
    expect(back.map(statusOf)).toEqual(['up', 'up', 'up']);
    expect(back[1]?.readings?.utilPercent).toBe(30);
    expect(calls('calls_on_lost_handles')).toBe(0);
  });

  it('is looked for with growing intervals', async () => {
    const { source, standin, calls } = await standins.setUp(
      { devices: 2 },
      { returnProbe: { baseMs: 50, capMs: 10_000 } },
    );
    await source.open(signal);
    standin.rewrite({ devices: 2, faults: [{ lost: true, gpu: 0 }] });
    await untilScriptIsRead();
    const endMs = Date.now() + 1500;
    while (Date.now() < endMs) {
      await readAll(source, 'memory');
      await sleep(10);
    }
    const probes = calls('nvmlDeviceGetHandleByPciBusId_v2');
    expect(probes).toBeGreaterThanOrEqual(3);
    expect(probes).toBeLessThanOrEqual(7);
  });

  it('and replaced by another makes the source enumerate anew', async () => {
    const { source, standin } = await standins.setUp({ devices: 2 }, { returnProbe });
    await source.open(signal);
    standin.rewrite({ devices: 2, faults: [{ lost: true, gpu: 1 }] });
    await untilScriptIsRead();
    await readAll(source, 'memory');
    standin.rewrite({ devices: 2, gpus: { 1: { uuid: 'GPU-other' } } });
    await sleep(150);
    await expect(source.read('memory', signal)).rejects.toMatchObject({ fatal: false });
    await source.close();
    expect((await source.open(signal)).map((device) => device.uuid)[1]).toBe('GPU-other');
  });

  it('before the start is down under a stand-in until it answers; known from before, it is down at once', async () => {
    const lost = { devices: 2, faults: [{ lost: true, gpu: 0 }] } as const;
    const { source, standin } = await standins.setUp(lost, { returnProbe });
    expect((await source.open(signal)).map(({ uuid }) => uuid)).toEqual([standInUuid(0), uuid(1)]);
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['down gpu_lost', 'up']);
    standin.rewrite({ devices: 2 });
    await sleep(150);
    const { devices } = await source.read('slow', signal);
    expect(devices?.map((device) => device.uuid)).toEqual([uuid(0), uuid(1)]);
    await source.close();
    standin.rewrite(lost);
    await untilScriptIsRead();
    expect(await source.open(signal)).toHaveLength(2);
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['down gpu_lost', 'up']);
    standin.rewrite({ devices: 2 });
    await sleep(150);
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['up', 'up']);
  });
});

describe('a driver call that hangs', () => {
  const hang = (gpu: number) =>
    ({ call: 'nvmlDeviceGetMemoryInfo_v2', gpu, hangSeconds: 20 }) as const;

  it('takes down its GPU alone, blocks nothing, and ends by itself', async () => {
    const { source, standin, calls } = await standins.setUp(
      { devices: 4 },
      { callDeadlineMs: 150 },
    );
    await source.open(signal);
    standin.rewrite({ devices: 4, faults: [hang(2)] });
    await untilScriptIsRead();
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 10);
    const first = await readAll(source, 'memory');
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(5);
    expect(first.map(statusOf)).toEqual(['up', 'up', 'down call_hung', 'up']);
    expect(source.hung).toBe(true);
    const made = calls('nvmlDeviceGetMemoryInfo_v2');
    const again = await readAll(source, 'memory');
    expect(again.map(statusOf)).toEqual(['up', 'up', 'down call_hung', 'up']);
    expect(calls('nvmlDeviceGetMemoryInfo_v2')).toBe(made + 3);
    standin.rewrite({ devices: 4 });
    await sleep(100);
    expect(source.hung).toBe(false);
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['up', 'up', 'up', 'up']);
  });

  it('together with a second one stops all calls until one returns; files can still be read', async () => {
    const { source, standin, calls } = await standins.setUp(
      { devices: 4 },
      { callDeadlineMs: 100 },
    );
    await source.open(signal);
    standin.rewrite({ devices: 4, faults: [hang(0), hang(1), hang(2), hang(3)] });
    await untilScriptIsRead();
    const statuses = (await readAll(source, 'memory')).map(statusOf);
    expect(statuses).toEqual(['down call_hung', 'down call_hung', 'down stale', 'down stale']);
    const made = calls('*');
    await readAll(source, 'usage');
    expect(calls('*')).toBe(made);
    expect(await readFile(standin.library)).not.toHaveLength(0);
    await source.close();
    expect(source.hung).toBe(true);
    expect(calls('nvmlShutdown')).toBe(0);
    await expect(source.open(signal)).rejects.toMatchObject({ code: 'timeout' });
    standin.rewrite({ devices: 4 });
    await sleep(100);
    expect(source.hung).toBe(false);
    await source.open(signal);
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['up', 'up', 'up', 'up']);
  });

  it('during nvmlInit fails the opening after its own deadline', async () => {
    const faults = [{ call: 'nvmlInit_v2', hangSeconds: 20 }] as const;
    const { source, standin } = await standins.setUp({ faults }, { initDeadlineMs: 100 });
    await expect(source.open(signal)).rejects.toMatchObject({ code: 'timeout' });
    expect(source.hung).toBe(true);
    standin.rewrite({});
    await sleep(100);
    expect(source.hung).toBe(false);
  });

  it('is not waited for when the reading is aborted', async () => {
    const { source, standin } = await standins.setUp({}, { callDeadlineMs: 10_000 });
    await source.open(signal);
    standin.rewrite({ faults: [hang(0)] });
    await untilScriptIsRead();
    const abort = new AbortController();
    const reading = source.read('memory', abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(reading).rejects.toThrow('enough');
    await source.close();
    expect(source.hung).toBe(true);
    standin.rewrite({});
    await sleep(100);
    expect(source.hung).toBe(false);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { standInUuid } from '../../src/gpu/source.ts';
import type { GpuUpdate } from '../../src/gpu/source.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { readAll, untilScriptIsRead, useStandins } from '../support/nvml/use-standins.ts';

const standins = useStandins();
const signal = new AbortController().signal;

const uuid = (index: number): string =>
  `GPU-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const statusOf = (update: GpuUpdate): string =>
  update.status.up ? 'up' : `down ${update.status.reason}`;

describe('a GPU whose handle is refused when the collector starts', () => {
  const call = 'nvmlDeviceGetHandleByIndex_v2';

  it.each([
    [15, 'down gpu_lost'],
    [16, 'down reset_required'],
    [999, 'down unknown_error'],
    [4, 'down no_permission'],
  ])('(code %i) is there, %s, told once, and counts', async (code, status) => {
    const lines: string[] = [];
    const logger = createLogger({
      level: 'warn',
      format: 'json',
      write: (line) => lines.push(line),
    });
    const refused = { devices: 3, faults: [{ call, gpu: 1, code }] } as const;
    const { source, standin } = await standins.setUp(refused, {
      logger,
      returnProbe: { baseMs: 40, capMs: 80 },
    });

    const devices = await source.open(signal);
    expect(devices.map(({ index, uuid: id }) => [index, id])).toEqual([
      [0, uuid(0)],
      [1, standInUuid(1)],
      [2, uuid(2)],
    ]);
    for (const tier of ['usage', 'memory', 'slow', 'memory'] as const) {
      const read = await source.read(tier, signal);
      expect(read.updates.map(statusOf)).toEqual(['up', status, 'up']);
      expect(read.updates[1]?.status).toMatchObject({
        detail: expect.stringContaining(String(code)),
      });
      expect(read.devices).toBeUndefined();
      await sleep(60);
    }
    await source.close();
    await source.open(signal);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ gpu: 1, uuid: standInUuid(1) });

    standin.rewrite({ devices: 3 });
    await sleep(150);
    const { devices: now } = await source.read('slow', signal);
    expect(now?.map(({ uuid: id }) => id)).toEqual([uuid(0), uuid(1), uuid(2)]);
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['up', 'up', 'up']);
  });

  it('alone on its node is there too when the driver says that it is lost', async () => {
    const { source } = await standins.setUp({ faults: [{ call, code: 15 }] });
    expect(await source.open(signal)).toMatchObject([{ index: 0, uuid: standInUuid(0) }]);
    expect((await readAll(source, 'usage')).map(statusOf)).toEqual(['down gpu_lost']);
  });

  it.each([
    [4, 'no_permission'],
    [999, 'no_gpu'],
  ])('as all others are (code %i) is a failure of the source: %s', async (code, name) => {
    const { source } = await standins.setUp({ devices: 2, faults: [{ call, code }] });
    await expect(source.open(signal)).rejects.toMatchObject({ code: name });
  });
});

describe('GPUs with one UUID', () => {
  const same = { devices: 3, gpus: { 1: { uuid: 'GPU-same' }, 2: { uuid: 'GPU-same' } } } as const;

  it('are told apart by their address, with one warning, also after a loss', async () => {
    const lines: string[] = [];
    const logger = createLogger({
      level: 'warn',
      format: 'json',
      write: (line) => lines.push(line),
    });
    const { source, standin } = await standins.setUp(same, {
      logger,
      returnProbe: { baseMs: 40, capMs: 80 },
    });
    const names = [uuid(0), 'GPU-same@00000000:02:00.0', 'GPU-same@00000000:03:00.0'];

    expect((await source.open(signal)).map((device) => device.uuid)).toEqual(names);
    expect((await readAll(source, 'memory')).map((update) => update.uuid)).toEqual(names);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('several GPUs have one UUID');

    standin.rewrite({ ...same, faults: [{ lost: true, gpu: 2 }] });
    await untilScriptIsRead();
    expect((await readAll(source, 'memory')).map(statusOf)).toEqual(['up', 'up', 'down gpu_lost']);
    standin.rewrite(same);
    await sleep(150);
    const back = await readAll(source, 'memory');
    expect(back.map((update) => update.uuid)).toEqual(names);
    expect(back.map(statusOf)).toEqual(['up', 'up', 'up']);
  });
});

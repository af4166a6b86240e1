import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { UsageError } from '../lib/errors.ts';
import { createReplaySource } from './replay-source.ts';

const signal = new AbortController().signal;
let folder: string;
const at = (name: string): string => join(folder, name);

function manualClock(): Clock & { advance(ms: number): void } {
  let ms = 0;
  return {
    now: () => 1_800_000_000_000 + ms,
    monotonicMs: () => ms,
    sleep: () => Promise.resolve(),
    advance: (by) => {
      ms += by;
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  await mkdir(at('set'));
  await writeFile(at('set/b.csv'), 't_s,util_gpu,mem_used_mib\n0,1,100\n1,2,200\n2,3,300\n');
  await writeFile(at('set/a.csv'), 't_s,power_w\n0,50\n60,60\n');
  await writeFile(at('odd[1].csv'), 't_s,util_gpu\n0,7\n1,8\n');
  await writeFile(at('bad.csv'), 't_s,util_gpu\n0,1\n1,oops\n');
  await writeFile(at('note.txt'), 'nothing of use');
  await writeFile(
    at('still.xml'),
    '<nvidia_smi_log><gpu id="1"><product_name>Card</product_name><uuid>GPU-1</uuid><utilization><gpu_util>30 %</gpu_util></utilization></gpu><gpu id="2"><uuid>GPU-2</uuid><utilization><gpu_util>GPU is lost</gpu_util></utilization></gpu></nvidia_smi_log>',
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('gpu/replay-source', () => {
  it('makes a GPU of each file of a pattern, sorted, labelled as a replay', async () => {
    const source = createReplaySource({ files: [at('set/*.csv')], clock: manualClock() });
    const devices = await source.open(signal);

    expect(source.simulated).toBe(true);
    expect(devices.map(({ index, model }) => [index, model])).toEqual([
      [0, 'replay of a.csv'],
      [1, 'replay of b.csv'],
    ]);
    expect(devices[0]?.uuid).toMatch(/^GPU-replay-[0-9a-f]{16}$/);
  });

  it('takes lists, names with brackets, segments, and one file several times', async () => {
    const source = createReplaySource({
      files: [`${at('set/b.csv')}#1-2, ${at('odd[1].csv')}`, at('odd[1].csv')],
      clock: manualClock(),
    });
    const devices = await source.open(signal);

    expect(devices.map(({ model }) => model)).toEqual([
      'replay of b.csv#1-2',
      'replay of odd[1].csv',
      'replay of odd[1].csv',
    ]);
    expect(new Set(devices.map(({ uuid }) => uuid)).size).toBe(3);
  });

  it('delivers what was due since the last read, and its newest values as readings', async () => {
    const clock = manualClock();
    const source = createReplaySource({ files: [at('set/b.csv')], clock });
    await source.open(signal);
    clock.advance(1_200);

    const { updates } = await source.read('usage', signal);

    expect(updates[0]).toMatchObject({
      status: { up: true },
      readings: { utilPercent: 2, memoryUsedBytes: 200 * 2 ** 20 },
      samples: {
        util: { timesMs: [1_800_000_000_000, 1_800_000_001_000], values: [1, 2] },
        memUsed: { values: [100, 200] },
      },
    });
  });

  it('is stale after the end when it is played once, and goes on after a reopen', async () => {
    const clock = manualClock();
    const source = createReplaySource({ files: [at('set/b.csv')], loop: false, clock });
    await source.open(signal);
    clock.advance(10_000);
    await source.read('usage', signal);

    const { updates } = await source.read('usage', signal);
    expect(updates[0]?.status).toMatchObject({ up: false, reason: 'stale' });

    await source.open(signal);
    expect((await source.read('usage', signal)).updates[0]?.samples).toBeUndefined();
  });

  it('shows a capture of nvidia-smi as a still picture of all its GPUs', async () => {
    const source = createReplaySource({ files: [at('still.xml')], clock: manualClock() });
    const devices = await source.open(signal);
    const { updates } = await source.read('usage', signal);

    expect(devices.map(({ index, model }) => [index, model])).toEqual([
      [0, 'replay of still.xml'],
      [1, 'replay of still.xml'],
    ]);
    expect(updates[0]).toMatchObject({
      uuid: devices[0]?.uuid,
      readings: { utilPercent: 30 },
      samples: { util: { values: [30] } },
    });
    expect(updates[1]?.status).toMatchObject({ up: false, reason: 'gpu_lost' });
  });

  it('plays a log of nvidia-smi, one GPU of it each, and says when one was gone', async () => {
    const clock = manualClock();
    const row = (second: number, index: number): string =>
      `2026/01/31 23:59:0${second}.000, ${index}, 5${second} %\n`;
    const text = `timestamp, index, utilization.gpu [%]\n${row(0, 0)}${row(0, 1)}${row(1, 0)}2026/01/31 23:59:01.000, 1, [GPU is lost]\n${row(5, 0)}${row(5, 1)}`;
    await writeFile(at('log.csv.gz'), gzipSync(text));
    const source = createReplaySource({ files: [at('log.csv.gz')], clock });
    const devices = await source.open(signal);
    const first = await source.read('usage', signal);
    clock.advance(2_000);
    await source.read('usage', signal);
    clock.advance(1_000);
    const later = await source.read('usage', signal);

    expect(devices.map(({ model }) => model)).toEqual([
      'replay of log.csv.gz, GPU 0',
      'replay of log.csv.gz, GPU 1',
    ]);
    expect(first.updates.map(({ readings }) => readings?.utilPercent)).toEqual([50, 50]);
    expect(later.updates.map(({ status }) => status)).toEqual([
      { up: true },
      { up: false, reason: 'gpu_lost', detail: '[GPU is lost]' },
    ]);
  });

  it.each([
    ['nothing.csv', 'no file matches'],
    ['bad.csv', 'line 3, column util_gpu'],
    ['note.txt', 'neither a trace nor a log or a capture of nvidia-smi'],
    ['set/b.csv#5-2', 'ends before it begins'],
    ['set/b.csv#50-52', 'no samples'],
    ['set', 'cannot read'],
  ])('refuses %s', async (name, message) => {
    await expect(createReplaySource({ files: [at(name)] }).open(signal)).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('refuses no files at all, and a speed of nothing', async () => {
    await expect(createReplaySource({ files: [] }).open(signal)).rejects.toMatchObject({
      code: 'bad_file',
    });
    for (const speed of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => createReplaySource({ files: [at('set/b.csv')], speed })).toThrow(UsageError);
    }
  });
});

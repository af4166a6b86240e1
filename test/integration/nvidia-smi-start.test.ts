import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createNvidiaSmiSource } from '../../src/gpu/nvidia-smi-source.ts';
import type { SourceRead } from '../../src/gpu/source.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { fakeDocument } from '../support/nvidia-smi/document.ts';
import { createFakeNvidiaSmi } from '../support/nvidia-smi/fake-command.ts';

const signal = new AbortController().signal;
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'nvidia-smi');
const healthy = 'GPU-11111111-1111-1111-1111-111111111111';
const standIn = 'GPU-unknown-00000000:02:00.0';
let folder: string;
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nvidia-smi-start-'));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log = () =>
  createLogger({ level: 'warn', format: 'json', write: (line) => lines.push(line) });
const statusesOf = ({ updates }: SourceRead) =>
  Object.fromEntries(updates.map(({ uuid, status }) => [uuid, status.up || status.reason]));

/** A system that shows two GPUs, in procfs as the driver does or in sysfs as the kernel does, or hides them. */
async function showGpus(where: 'procfs' | 'sysfs' | 'nowhere'): Promise<void> {
  for (const address of ['0000:01:00.0', '0000:02:00.0']) {
    if (where === 'procfs') {
      await mkdir(join(folder, 'driver/nvidia/gpus', address), { recursive: true });
    } else if (where === 'sysfs') {
      const device = join(folder, 'bus/pci/devices', address);
      await mkdir(device, { recursive: true });
      await writeFile(join(device, 'vendor'), '0x10de\n');
      await writeFile(join(device, 'class'), '0x030200\n');
    }
  }
}

describe('a GPU that nvidia-smi cannot reach when the collector starts', () => {
  it.each([
    ['goes on with the others', 'nowhere', ''],
    ['stops there, with the others asked for by address', 'procfs', '-i 00000000:01:00.0'],
    ['stops there, with the others asked for by address', 'sysfs', '-i 00000000:01:00.0'],
    ['stops there, with the others tried by index', 'nowhere', '-i 0'],
  ] as const)('is there and down: nvidia-smi %s (GPUs shown in %s)', async (_, where, asked) => {
    await showGpus(where);
    const script = join(folder, 'broken.sh');
    await copyFile(join(fixtures, 'broken-at-start.sh'), script);
    const command = join(folder, 'nvidia-smi');
    const stops = asked === '' ? '' : 'STOPS=1 ';
    const calls = join(folder, 'calls');
    await writeFile(command, `#!/bin/sh\necho "$*" >>${calls}\n${stops}sh ${script} "$@"\n`, {
      mode: 0o755,
    });
    const source = createNvidiaSmiSource({
      command,
      procRoot: folder,
      sysRoot: folder,
      log: log(),
    });

    const devices = await source.open(signal);
    const read = await source.read('usage', signal);

    expect(devices.map(({ uuid, index }) => [index, uuid])).toEqual([
      [0, healthy],
      [1, standIn],
    ]);
    expect(devices[1]?.pciBusId).toBe('00000000:02:00.0');
    expect(statusesOf(read)).toEqual({ [healthy]: true, [standIn]: 'unknown_error' });
    expect(read.updates[0]?.readings).toMatchObject({ utilPercent: 42, powerWatts: 123.45 });
    expect(read.devices).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ uuid: standIn, gpu: 1 });
    const queries = (await readFile(calls, 'utf8')).split('\n').filter((args) => args !== '');
    expect(queries.some((args) => args.endsWith(asked))).toBe(true);
  });

  it('is there and down when it is the only one', async () => {
    const fake = await createFakeNvidiaSmi();
    const stdout = 'Unable to determine the device handle for GPU0000:02:00.0: GPU is lost.\n';
    await fake.answer('xml', { stdout, exitCode: 15 });
    await fake.answer('csv', { stdout, exitCode: 15 });
    const source = createNvidiaSmiSource({
      command: fake.command,
      procRoot: folder,
      sysRoot: folder,
    });

    expect(await source.open(signal)).toMatchObject([{ index: 0, uuid: standIn }]);
    expect(statusesOf(await source.read('usage', signal))).toEqual({ [standIn]: 'gpu_lost' });
    await fake.remove();
  });

  it('takes its own name and its place when it answers', async () => {
    const fake = await createFakeNvidiaSmi();
    await fake.answer('xml', {
      stdout: fakeDocument([{}]),
      stderr: 'Unable to determine the device handle for GPU0000:02:00.0: Unknown Error\n',
    });
    const source = createNvidiaSmiSource({ command: fake.command });
    const [first, second] = await source.open(signal);
    expect(second).toMatchObject({ index: 1, uuid: standIn });

    await fake.answer('xml', { stdout: fakeDocument([{}, { uuid: 'GPU-b' }]) });
    const read = await source.read('usage', signal);

    expect(read.devices?.map(({ index, uuid }) => [index, uuid])).toEqual([
      [0, first?.uuid],
      [1, 'GPU-b'],
    ]);
    expect(statusesOf(read)).toEqual({ [first?.uuid ?? '']: true, 'GPU-b': true });
    await fake.remove();
  });
});

describe('GPUs with one UUID', () => {
  it('are told apart by their address, with one warning, also when one is gone', async () => {
    const fake = await createFakeNvidiaSmi();
    const document = await readFile(join(fixtures, 'same-uuid.xml'), 'utf8');
    await fake.answer('xml', { stdout: document });
    const source = createNvidiaSmiSource({ command: fake.command, log: log() });
    const names = [`${healthy}@00000000:01:00.0`, `${healthy}@00000000:02:00.0`];

    expect((await source.open(signal)).map(({ uuid }) => uuid)).toEqual(names);
    const read = await source.read('usage', signal);
    expect(read.updates.map(({ uuid, readings }) => [uuid, readings?.utilPercent])).toEqual([
      [names[0], 10],
      [names[1], 90],
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('several GPUs have one UUID');

    const first = document.indexOf('<gpu ');
    const second = document.indexOf('<gpu ', first + 1);
    await fake.answer('xml', { stdout: document.slice(0, first) + document.slice(second) });
    const later = await source.read('usage', signal);
    expect(statusesOf(later)).toEqual({ [names[0] ?? '']: 'not_found', [names[1] ?? '']: true });
    await fake.remove();
  });
});

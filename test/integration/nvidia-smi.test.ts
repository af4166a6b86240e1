import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNvidiaSmiSource } from '../../src/gpu/nvidia-smi-source.ts';
import { SourceError } from '../../src/gpu/source.ts';
import type { SourceRead } from '../../src/gpu/source.ts';
import { fakeCsv, fakeDocument, fakeUuid } from '../support/nvidia-smi/document.ts';
import { createFakeNvidiaSmi } from '../support/nvidia-smi/fake-command.ts';
import type { FakeNvidiaSmi } from '../support/nvidia-smi/fake-command.ts';

const signal = new AbortController().signal;
let fake: FakeNvidiaSmi;
/** Whoever waits for it runs into the time-out of the test. */
const longerThanATest = 600;

beforeEach(async () => {
  fake = await createFakeNvidiaSmi();
  await fake.answer('csv', { stdout: 'No such form', exitCode: 2 });
});
afterEach(() => fake.remove());

const statusOf = ({ updates }: SourceRead, index: number) =>
  updates.find(({ uuid }) => uuid === fakeUuid(index))?.status;

describe('nvidia-smi as a command', () => {
  it('is read through node-nvidia-smi: devices, readings, samples, processes', async () => {
    await fake.answer('xml', {
      stdout: fakeDocument([
        { processes: [{ pid: 41, name: 'python &amp; co', memory: '900 MiB' }] },
        {},
      ]),
    });
    const source = createNvidiaSmiSource({ command: fake.command });

    const devices = await source.open(signal);
    const read = await source.read('usage', signal);

    expect(devices.map(({ uuid }) => uuid)).toEqual([fakeUuid(0), fakeUuid(1)]);
    expect(read.updates[0]).toMatchObject({
      status: { up: true },
      readings: { utilPercent: 50, powerWatts: 120.5, memoryUsedBytes: 2 ** 30, processCount: 1 },
      processes: [
        { pid: 41, name: 'python & co', kind: 'compute', usedMemoryBytes: 900 * 2 ** 20 },
      ],
      samples: { util: { values: [50] }, memUsed: { values: [1024] } },
    });
    expect(read.devices).toBeUndefined();
    expect((await fake.calls()).args).toEqual(['-q -x', '-q -x']);
  });

  it('tolerates noise around the document and on stderr, and a warning exit code', async () => {
    await fake.answer('xml', {
      stdout: `WARNING: infoROM is corrupted at gpu 0000:02:00.0\n${fakeDocument([{}])}\nbye\n`,
      stderr: 'Persistence mode is deprecated\n',
      exitCode: 14,
    });

    await expect(
      createNvidiaSmiSource({ command: fake.command }).open(signal),
    ).resolves.toHaveLength(1);
  });

  it('kills a run at its deadline, together with what it started, and works again later', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}]), delaySeconds: longerThanATest });
    const source = createNvidiaSmiSource({ command: fake.command, timeoutMs: 300 });

    await expect(source.open(signal)).rejects.toMatchObject({ code: 'timeout' });

    await fake.answer('xml', { stdout: fakeDocument([{}]) });
    await expect(source.open(signal)).resolves.toHaveLength(1);
    expect((await fake.calls()).args).toHaveLength(2);
  });

  it('ends at once when it is aborted', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}]), delaySeconds: longerThanATest });

    const opening = createNvidiaSmiSource({ command: fake.command }).open(AbortSignal.timeout(200));

    await expect(opening).rejects.toMatchObject({ code: 'command_failed' });
  });

  it('refuses to run twice at once', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}]), delaySeconds: 0.4 });
    const source = createNvidiaSmiSource({ command: fake.command });

    const [first, second] = await Promise.allSettled([source.open(signal), source.open(signal)]);

    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    expect((await fake.calls()).mostAtOnce).toBe(1);
  });

  it.each([
    ['NVIDIA-SMI has failed because it couldn’t communicate', 9, 'driver_not_loaded'],
    [
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
      9,
      'driver_not_loaded',
    ],
    ['Failed to initialize NVML: Driver/library version mismatch', 18, 'version_mismatch'],
    ['No devices were found', 6, 'no_gpu'],
    ['Failed to initialize NVML: No supported GPUs were found', 255, 'no_gpu'],
    ['Failed to initialize NVML: GPU access blocked by the operating system', 17, 'access_blocked'],
    [
      'nvidia-smi: error while loading shared libraries: libnvidia-ml.so.1: cannot open shared object file',
      127,
      'library_missing',
    ],
    ['Failed to initialize NVML: Insufficient Permissions', 4, 'no_permission'],
    ['Something went wrong', 255, 'command_failed'],
    ['hello', 0, 'bad_output'],
  ])('says what %j with exit code %i means', async (stdout, exitCode, code) => {
    await fake.answer('xml', { stdout, exitCode });

    const opening = createNvidiaSmiSource({ command: fake.command }).open(signal);

    await expect(opening).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w+/) });
  });

  it('says that the command is missing or not executable', async () => {
    const missing = createNvidiaSmiSource({ command: `${fake.command}-missing` });
    const folder = createNvidiaSmiSource({ command: '/' });

    await expect(missing.open(signal)).rejects.toMatchObject({ code: 'command_missing' });
    await expect(folder.open(signal)).rejects.toMatchObject({ code: 'no_permission' });
  });

  it('uses the CSV query where the XML cannot be used, without the fields that are unknown', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}]).slice(0, 400) });
    await fake.answer('csv', { stdout: fakeCsv([0, 1]), refusedField: 'memory.reserved' });
    const source = createNvidiaSmiSource({ command: fake.command });

    await source.open(signal);
    const read = await source.read('usage', signal);

    expect(read.updates).toHaveLength(2);
    expect(read.updates[0]?.readings).toMatchObject({ utilPercent: 41, powerWatts: 99.5 });
    expect(read.updates[0]?.missing?.memoryReservedBytes).toBe('not_available');
    const { args } = await fake.calls();
    expect(args).toHaveLength(4);
    expect(args[1]).toContain('memory.reserved');
    expect(args[2]).not.toContain('memory.reserved');
  });

  it('marks a GPU lost that the document shows as lost, and keeps its identity and its facts', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}, {}]) });
    const source = createNvidiaSmiSource({ command: fake.command });
    await source.open(signal);
    const lost = 'GPU is lost';
    await fake.answer('xml', {
      stdout: fakeDocument([{}, { uuid: lost, util: lost, memUsed: lost, memTotal: lost }]),
    });

    const read = await source.read('usage', signal);

    expect(statusOf(read, 0)).toEqual({ up: true });
    expect(statusOf(read, 1)).toMatchObject({ up: false, reason: 'gpu_lost' });
    expect(read.updates[1]?.readings).toBeUndefined();
    expect(read.devices).toBeUndefined();
  });

  it('goes on with the siblings when a lost GPU stops nvidia-smi altogether', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}, {}, {}]) });
    const source = createNvidiaSmiSource({ command: fake.command });
    await source.open(signal);
    await fake.answer('xml', {
      stdout:
        'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU\n',
      exitCode: 15,
    });
    await fake.answer('csv', { stdout: fakeCsv([0, 2]) });

    const read = await source.read('usage', signal);

    expect([0, 1, 2].map((index) => statusOf(read, index))).toEqual([
      { up: true },
      { up: false, reason: 'gpu_lost', detail: expect.stringContaining('GPU is lost') },
      { up: true },
    ]);
    const query = (await fake.calls()).args.at(-1);
    expect(query).toContain('-i 00000000:01:00.0,00000000:03:00.0');

    await fake.answer('xml', { stdout: fakeDocument([{}, {}, {}]) });
    expect(statusOf(await source.read('usage', signal), 1)).toEqual({ up: true });
  });

  it('marks a GPU that is no longer listed, and tells of one that is new', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}, {}]) });
    const source = createNvidiaSmiSource({ command: fake.command });
    await source.open(signal);
    await fake.answer('xml', {
      stdout: fakeDocument([
        { uuid: fakeUuid(1), busId: '00000000:02:00.0' },
        { uuid: fakeUuid(7), busId: '00000000:0A:00.0' },
      ]),
    });

    const read = await source.read('usage', signal);

    expect(statusOf(read, 0)).toMatchObject({ up: false, reason: 'not_found' });
    expect(statusOf(read, 1)).toEqual({ up: true });
    expect(read.devices?.map(({ index, uuid }) => [index, uuid])).toEqual([
      [0, fakeUuid(0)],
      [1, fakeUuid(1)],
      [2, fakeUuid(7)],
    ]);
  });

  it('gives up for good when the container has lost its right to the devices', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}]) });
    const source = createNvidiaSmiSource({ command: fake.command });
    await source.open(signal);
    await fake.answer('xml', { stdout: 'Failed to initialize NVML: Unknown Error', exitCode: 255 });
    const fatal: boolean[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      fatal.push(
        await source.open(signal).then(
          () => true,
          (error: unknown) => error instanceof SourceError && error.fatal,
        ),
      );
    }

    expect(fatal).toEqual([false, false, false, false, true]);
  });

  it('spends at most a fifth of the time in runs', async () => {
    await fake.answer('xml', { stdout: fakeDocument([{}]), delaySeconds: 1 });
    const source = createNvidiaSmiSource({ command: fake.command });
    await source.open(signal);

    const { usage, memory, slow } = source.cadence();
    expect(usage?.meanMs).toBeGreaterThanOrEqual(5_000);
    expect(usage?.randomised).toBe(true);
    expect([memory, slow]).toEqual([null, null]);
  });
});

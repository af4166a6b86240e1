import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { createNvmlSource } from '../../src/gpu/nvml-source.ts';
import { writeScript } from '../support/nvml/script.ts';
import { buildStandin } from '../support/nvml/standin.ts';
import { readAll, readFirst, useStandins } from '../support/nvml/use-standins.ts';

const standins = useStandins();
const signal = new AbortController().signal;

describe('what is read', () => {
  it('tells the facts of each GPU as the driver gives them', async () => {
    const { source } = await standins.setUp({
      devices: 2,
      driver: '580.82.07',
      cuda: 13020,
      all: { model: 'NVIDIA H100 80GB HBM3', memory_mib: 81559, power_limit_watts: 650 },
      gpus: { 1: { uuid: 'GPU-aaaa', mig: 'on' } },
    });
    const devices = await source.open(signal);
    expect(devices).toHaveLength(2);
    expect(devices[1]).toEqual({
      index: 1,
      uuid: 'GPU-aaaa',
      model: 'NVIDIA H100 80GB HBM3',
      pciBusId: '00000000:02:00.0',
      minorNumber: 1,
      serial: '0001650000001',
      vbiosVersion: '96.00.74.00.01',
      driverVersion: '580.82.07',
      cudaVersion: '13.2',
      computeCapability: '9.0',
      memoryTotalBytes: 81559 * 2 ** 20,
      pcieGenerationMax: 5,
      pcieWidthMax: 16,
      powerLimitWatts: 650,
      migEnabled: true,
      migDevices: [],
    });
    expect(devices[0]?.migEnabled).toBe(false);
  });

  it('makes few calls: 3 for three rings, 2 for memory and energy, 15 for the rest, per GPU', async () => {
    const { source, calls } = await standins.setUp({ devices: 8 });
    await source.open(signal);
    expect(calls('*')).toBeLessThanOrEqual(4 + 8 * 13);
    for (const [tier, perGpu] of [
      ['usage', 3],
      ['memory', 2],
      ['slow', 15],
    ] as const) {
      const before = calls('*');
      await readAll(source, tier);
      expect(calls('*') - before).toBe(8 * perGpu);
    }
    expect(calls('nvmlDeviceGetPcieThroughput')).toBe(0);
  });

  it('follows a recorded trace', async () => {
    const file = join(standins.folder, 'trace.csv');
    writeFileSync(file, 't_s,util_gpu,power_w\n0,10,100.5\n2,90,300.5\n4,10,100.5\n');
    const { source } = await standins.setUp({
      all: { util: ['trace', file], power: ['trace', file] },
    });
    await source.open(signal);
    const { samples } = await readFirst(source, 'usage');
    expect(new Set(samples?.util?.values)).toEqual(new Set([10, 90]));
    expect(new Set(samples?.power?.values)).toEqual(new Set([100.5, 300.5]));
  });

  it('follows the script that the environment names, when none lies beside the library', async () => {
    const { library } = await buildStandin();
    const file = join(standins.folder, 'environment.script');
    writeScript(file, { devices: 5 });
    process.env['NVML_STANDIN_SCRIPT'] = file;
    const source = createNvmlSource({ library });
    try {
      expect(await source.open(signal)).toHaveLength(5);
    } finally {
      await source.close();
      delete process.env['NVML_STANDIN_SCRIPT'];
    }
  });

  it('reads memory, energy and slow readings in our units', async () => {
    const { source } = await standins.setUp({
      all: {
        util: ['constant', 50],
        power: ['constant', 350],
        power_limit_watts: 700,
        memused: ['constant', 1000],
        reserved_mib: 600,
        memory_mib: 10_000,
      },
      processes: [{ gpu: 0, pid: 7, mib: 2000 }],
    });
    await source.open(signal);
    const { readings: memory, missing } = await readFirst(source, 'memory');
    expect(missing).toEqual({});
    expect(memory).toMatchObject({
      memoryTotalBytes: 10_000 * 2 ** 20,
      memoryReservedBytes: 600 * 2 ** 20,
      memoryUsedBytes: 3000 * 2 ** 20,
      memoryFreeBytes: 6400 * 2 ** 20,
    });
    await sleep(500);
    const later = await readFirst(source, 'memory');
    const joules = (later.readings?.energyJoules ?? 0) - (memory?.energyJoules ?? 0);
    expect(joules).toBeGreaterThan(350 * 0.49);
    expect(joules).toBeLessThan(350 * 0.8);
    const slow = await readFirst(source, 'slow');
    expect(slow.missing).toEqual({});
    expect(slow.readings).toEqual({
      temperatureCelsius: 51,
      memoryTemperatureCelsius: 57,
      graphicsClockHertz: 1.98e9,
      smClockHertz: 1.98e9,
      memoryClockHertz: 2.619e9,
      videoClockHertz: 1.545e9,
      performanceState: 0,
      fanPercent: 55,
      powerLimitWatts: 700,
      pcieGeneration: 5,
      pcieWidth: 16,
      pcieReplayCount: 0,
      encoderPercent: 0,
      decoderPercent: 0,
      processCount: 1,
    });
  });
});

describe('values that look odd', () => {
  it.each([10_501, 14_001])('are believed: a memory clock of %d MHz', async (megahertz) => {
    const { source } = await standins.setUp({ all: { memory_clock_mhz: megahertz } });
    await source.open(signal);
    const { readings } = await readFirst(source, 'slow');
    expect(readings?.memoryClockHertz).toBe(megahertz * 1e6);
  });

  it('are not believed: 0 °C of memory beside a warm GPU, which has no such sensor', async () => {
    const { source } = await standins.setUp({ all: { memory_celsius: 0 } });
    await source.open(signal);
    const { readings, missing } = await readFirst(source, 'slow');
    expect(readings?.temperatureCelsius).toBeGreaterThan(30);
    expect(readings).not.toHaveProperty('memoryTemperatureCelsius');
    expect(missing).toEqual({ memoryTemperatureCelsius: 'not_supported' });
  });
});

describe('sample rings', () => {
  it.each(['epoch', 'boot'] as const)(
    'are drained without a gap or a repeat, with stamps of the %s',
    async (stamps) => {
      // 50 samples a second: a saw of noise whose every value differs from its neighbours.
      const { source, calls } = await standins.setUp(
        {
          ...(stamps === 'boot' && { stamps }),
          all: { rings: ['hertz 50', 'depth 200'], util: ['noise', 1, 0, 100, 0.02] },
        },
        { drainIntervalMs: 100 },
      );
      await source.open(signal);
      const times: number[] = [];
      const first: number[] = [];
      const fromMs = Date.now();
      for (let drain = 0; drain < 12; drain += 1) {
        const { samples, readings } = await readFirst(source, 'usage');
        times.push(...(samples?.util?.timesMs ?? []));
        if (drain === 0) first.push(...times);
        expect(samples?.util?.values).toHaveLength(samples?.util?.timesMs.length ?? -1);
        expect(readings?.utilPercent).toBe(samples?.util?.values.at(-1));
        await sleep(100);
      }
      expect(calls('nvmlDeviceGetUtilizationRates')).toBe(0);
      // The whole history of the ring at first, then every sample once: 20 ms apart but for the clock's estimate tightening.
      const spacings = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(times.length).toBeGreaterThan(200 + 50);
      expect(Math.max(...spacings)).toBeLessThan(20.5);
      expect(Math.min(...spacings)).toBeGreaterThan(0);
      const mean = spacings.reduce((sum, spacing) => sum + spacing, 0) / spacings.length;
      expect(mean).toBeGreaterThan(19.7);
      // On our clock, to a sample: the newest one is of the time of the drains.
      expect(times.at(-1)).toBeGreaterThan(fromMs);
      expect(times.at(-1)).toBeLessThanOrEqual(Date.now() + 20);
      // Of 200 samples the first drain may lack a few that were written over while it was read.
      expect((first.at(-1) ?? 0) - (first[0] ?? 0)).toBeGreaterThan(3_500);
    },
  );

  it('give memory-copy utilisation and power too, in percent and watts', async () => {
    const { source } = await standins.setUp({
      all: { util: ['constant', 80], memcopy: ['constant', 31], power: ['constant', 412.5] },
    });
    await source.open(signal);
    const { samples, readings } = await readFirst(source, 'usage');
    expect(readings).toEqual({ utilPercent: 80, memCopyPercent: 31, powerWatts: 412.5 });
    expect(samples?.power?.values.every((watts) => watts === 412.5)).toBe(true);
    expect(samples?.memCopy?.values.length).toBeGreaterThan(100);
  });

  it('larger than expected are drained whole', async () => {
    const { source } = await standins.setUp({ all: { rings: ['hertz 100', 'depth 1000'] } });
    await source.open(signal);
    const { samples } = await readFirst(source, 'usage');
    expect(samples?.util?.timesMs).toHaveLength(1000);
    expect(samples?.power?.timesMs).toHaveLength(1000);
  });

  it('drop impossible values and keep the rest', async () => {
    const { source } = await standins.setUp({
      devices: 2,
      all: { util: ['square', 2, 0.5, 40, 4096] },
      gpus: { 1: { util: ['constant', 808334905] } },
    });
    await source.open(signal);
    const [mixed, absurd] = await readAll(source, 'usage');
    expect(new Set(mixed?.samples?.util?.values)).toEqual(new Set([40]));
    expect(mixed?.samples?.util?.values.length).toBeGreaterThan(50);
    expect(absurd?.samples?.util).toBeUndefined();
    expect(absurd?.readings?.utilPercent).toBeUndefined();
    expect(absurd?.missing?.utilPercent).toBe('out_of_range');
  });

  it('of an idle GPU may be empty: one value is read then', async () => {
    const { source, calls } = await standins.setUp({ all: { rings: ['quiet_when_idle on'] } });
    await source.open(signal);
    const { samples, readings } = await readFirst(source, 'usage');
    expect(readings).toMatchObject({ utilPercent: 0, memCopyPercent: 0 });
    expect(samples?.util?.values).toEqual([0]);
    expect(calls('nvmlDeviceGetUtilizationRates')).toBe(1);
    expect(source.cadence().usage).toEqual({ meanMs: 2000, randomised: false });
  });
});

describe('without rings', () => {
  it.each([
    ['of one GPU', { devices: 2, gpus: { 1: { rings: ['all off'] } } }, {}],
    ['in the library at all', { devices: 2 }, { absent: ['nvmlDeviceGetSamples'] }],
  ] as const)('%s, single values are read at random intervals', async (_, script, build) => {
    const all = { util: ['constant', 64], power: ['constant', 200] } as const;
    const { source, calls } = await standins.setUp({ ...script, all }, {}, build);
    await source.open(signal);
    expect(source.cadence().usage).toEqual({ meanMs: 2000, randomised: false });
    await readAll(source, 'usage');
    expect(source.cadence().usage).toEqual({ meanMs: 200, randomised: true });
    const drains = calls('nvmlDeviceGetSamples');
    const updates = await readAll(source, 'usage');
    const polled = updates.find((update) => update.uuid.endsWith('1'));
    expect(polled?.readings).toEqual({ utilPercent: 64, memCopyPercent: 26, powerWatts: 200 });
    expect(polled?.samples?.util?.values).toEqual([64]);
    // Rings of other GPUs wait for their own interval, and those that are not there are not asked again.
    expect(calls('nvmlDeviceGetSamples')).toBe(drains);
  });

  it('that a driver claims to have but leaves empty on a busy GPU, too', async () => {
    const { source } = await standins.setUp(
      {
        devices: 2,
        gpus: { 1: { util: ['constant', 5] } },
        faults: [{ call: 'nvmlDeviceGetSamples', code: 6 }],
      },
      { drainIntervalMs: 20 },
    );
    await source.open(signal);
    for (let drain = 0; drain < 3; drain += 1) {
      expect(source.cadence().usage?.randomised).toBe(false);
      await readAll(source, 'usage');
      await sleep(25);
    }
    expect(source.cadence().usage).toEqual({ meanMs: 200, randomised: true });
    const updates = await readAll(source, 'usage');
    expect(updates.map((update) => update.readings?.utilPercent)).toEqual([0, 5]);
  });

  it('and without rates (MIG), utilisation is missing and asked for no more', async () => {
    const { source, calls } = await standins.setUp({ all: { mig: 'on' } }, { drainIntervalMs: 50 });
    await source.open(signal);
    const first = await readFirst(source, 'usage');
    expect(first.missing).toEqual({
      utilPercent: 'not_supported',
      memCopyPercent: 'not_supported',
    });
    expect(first.readings).toEqual({ powerWatts: 84 });
    await sleep(60);
    const second = await readFirst(source, 'usage');
    expect(second.missing).toEqual(first.missing);
    expect(calls('nvmlDeviceGetUtilizationRates')).toBe(1);
    expect(source.cadence().usage).toEqual({ meanMs: 1000, randomised: true });
  });
});

describe('functions and readings that a driver does not have', () => {
  it('are missing by themselves, with the reason', async () => {
    const absent = [
      'nvmlDeviceGetTemperature',
      'nvmlDeviceGetFieldValues',
      'nvmlDeviceGetMemoryInfo_v2',
      'nvmlDeviceGetTotalEnergyConsumption',
      'nvmlDeviceGetSerial',
      'nvmlSystemGetDriverVersion',
    ];
    const { source } = await standins.setUp({ all: { reserved_mib: 600 } }, {}, { absent });
    const [device] = await source.open(signal);
    expect(device).not.toHaveProperty('serial');
    expect(device).not.toHaveProperty('driverVersion');
    const memory = await readFirst(source, 'memory');
    // Version 1 of the memory call counts reserved memory as used.
    expect(memory.readings?.memoryUsedBytes).toBe(600 * 2 ** 20);
    expect(memory.missing).toEqual({
      memoryReservedBytes: 'not_supported',
      energyJoules: 'function_not_found',
    });
    const slow = await readFirst(source, 'slow');
    expect(slow.missing).toEqual({
      temperatureCelsius: 'function_not_found',
      memoryTemperatureCelsius: 'function_not_found',
      pcieReplayCount: 'function_not_found',
    });
    expect(slow.readings?.smClockHertz).toBe(345e6);
  });

  it.each([
    [3, 'not_supported', 1],
    [4, 'no_permission', 2],
    [13, 'function_not_found', 1],
    [26, 'deprecated', 1],
    [999, 'unknown_error', 2],
  ] as const)('code %i is %s; asked %i times in two reads', async (code, reason, asked) => {
    const call = 'nvmlDeviceGetFanSpeed';
    const { source, calls } = await standins.setUp({ faults: [{ call, code }] });
    await source.open(signal);
    const first = await readFirst(source, 'slow');
    expect(first.status.up).toBe(true);
    expect(first.missing).toEqual({ fanPercent: reason });
    expect((await readFirst(source, 'slow')).missing).toEqual({ fanPercent: reason });
    expect(calls(call)).toBe(asked);
  });
});

describe('process lists', () => {
  const processes = [
    { gpu: 0, pid: 4_000_000, mib: 3 },
    { gpu: 0, pid: 11, mib: -1 },
    { gpu: 0, pid: 22, mib: 5000 },
    { gpu: 0, pid: 22, mib: 5000, graphics: true },
    { gpu: 0, pid: 33, mib: 40, graphics: true },
    { gpu: 1, pid: 44, mib: 1 },
  ];
  const lists = ['Compute', 'Graphics'].map((kind) => `nvmlDeviceGet${kind}RunningProcesses`);
  const v3 = lists.map((name) => `${name}_v3`);
  const v2 = lists.map((name) => `${name}_v2`);
  const probes = ['nvmlDeviceGetConfComputeMemSizeInfo', 'nvmlDeviceGetRunningProcessDetailList'];

  it.each([
    ['rows of 24 bytes (_v3)', {}, []],
    ['rows of 24 bytes of an older driver (_v3)', {}, probes],
    ['rows of 24 bytes (_v2)', {}, v3],
    ['rows of 16 bytes (first version)', {}, [...v3, ...v2]],
    ['rows of 32 bytes (some 535 drivers)', { process_row_bytes: 32 }, [probes[1] ?? '']],
  ] as const)('%s', async (_, settings, absent) => {
    const { source } = await standins.setUp({ devices: 2, ...settings, processes }, {}, { absent });
    await source.open(signal);
    const update = await readFirst(source, 'slow');
    expect(update.readings?.processCount).toBe(4);
    expect(update.processes).toEqual([
      { pid: 11, kind: 'compute' },
      { pid: 22, kind: 'both', usedMemoryBytes: 5000 * 2 ** 20 },
      { pid: 33, kind: 'graphics', usedMemoryBytes: 40 * 2 ** 20 },
      { pid: 4_000_000, kind: 'compute', usedMemoryBytes: 3 * 2 ** 20 },
    ]);
  });

  it('longer than expected come whole', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ gpu: 0, pid: index + 1, mib: 1 }));
    const { source } = await standins.setUp({ processes: many });
    await source.open(signal);
    expect((await readFirst(source, 'slow')).processes).toHaveLength(300);
  });
});

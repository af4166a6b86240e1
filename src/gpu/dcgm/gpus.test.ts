import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExposition } from './exposition-text.ts';
import { convert, dcgmFields } from './fields.ts';
import { gpusOf } from './gpus.ts';

const read = (text: string) => gpusOf(parseExposition(text));
const page = (name: string) =>
  read(readFileSync(new URL(`fixtures/${name}.prom`, import.meta.url), 'utf8'));
const mib = 2 ** 20;
const g0 =
  'gpu="0",UUID="GPU-a",pci_bus_id="00000000:01:00.0",device="nvidia0",modelName="Model A"';

describe('gpu/dcgm/gpus', () => {
  it('converts units: MiB, mJ, MHz', () => {
    const [gpu] = read(`
DCGM_FI_DEV_FB_USED{${g0}} 1000
DCGM_FI_DEV_FB_FREE{${g0}} 500
DCGM_FI_DEV_FB_RESERVED{${g0}} 36
DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${g0}} 1234567
DCGM_FI_DEV_SM_CLOCK{${g0}} 1410
DCGM_FI_DEV_POWER_USAGE{${g0}} 71.5`);

    expect(gpu?.device).toMatchObject({
      index: 0,
      uuid: 'GPU-a',
      model: 'Model A',
      minorNumber: 0,
    });
    expect(gpu?.readings).toEqual({
      memoryUsedBytes: 1000 * 2 ** 20,
      memoryFreeBytes: 500 * 2 ** 20,
      memoryReservedBytes: 36 * 2 ** 20,
      memoryTotalBytes: 1536 * 2 ** 20,
      energyJoules: 1234.567,
      smClockHertz: 1.41e9,
      powerWatts: 71.5,
    });
    expect(gpu?.missing.utilPercent).toBe('not_available');
  });

  it.each([
    [0x7ffffff0, 'not_available'],
    [0x7ffffff1, 'not_available'],
    [0x7ffffff2, 'not_supported'],
    [0x7ffffff3, 'no_permission'],
    [2 ** 47 + 2, 'not_supported'],
    [Number('9223372036854775794'), 'not_available'],
    [Number.NaN, 'not_available'],
    [4_294_967_295, 'out_of_range'],
    [-1, 'out_of_range'],
    [Infinity, 'out_of_range'],
    [100, 100],
  ])('takes a utilisation of %d for %s', (raw, outcome) => {
    const field = dcgmFields['DCGM_FI_DEV_GPU_UTIL'];
    expect(field && convert(field, raw)).toBe(outcome);
  });

  it('prefers the plain utilisation, and takes the profiling ratio where there is none', () => {
    const profiling = `DCGM_FI_PROF_GR_ENGINE_ACTIVE{${g0}} 0.42`;

    expect(read(`DCGM_FI_DEV_GPU_UTIL{${g0}} 90\n${profiling}`)[0]?.readings.utilPercent).toBe(90);
    expect(read(profiling)[0]?.readings.utilPercent).toBeCloseTo(42);
    expect(read(`DCGM_FI_PROF_GR_ENGINE_ACTIVE{${g0}} 1.0002`)[0]?.readings.utilPercent).toBe(100);
    const broken = `DCGM_FI_DEV_GPU_UTIL{${g0}} 4294967295\n${profiling}`;
    expect(read(broken)[0]?.readings.utilPercent).toBeCloseTo(42);
  });

  it('knows of a GPU in MIG mode what all of its instances tell, and what is true of the board', () => {
    const instance = (id: number): string => `${g0},GPU_I_PROFILE="1g.10gb",GPU_I_ID="${id}"`;
    const [gpu] = read(`
DCGM_FI_DEV_FB_USED{${instance(7)},pod="p",namespace="n",container="c"} 19
DCGM_FI_DEV_FB_USED{${instance(8)}} 20
DCGM_FI_DEV_GPU_TEMP{${instance(7)}} 35
DCGM_FI_PROF_GR_ENGINE_ACTIVE{${instance(7)}} 0.9`);

    expect(gpu?.readings).toEqual({ temperatureCelsius: 35, memoryUsedBytes: 39 * 2 ** 20 });
    // One of the two is not known, and not idle for that.
    expect(gpu?.missing).toMatchObject({ utilPercent: 'not_available' });
    expect(gpu?.instances[0]?.readings).toMatchObject({ utilPercent: 90 });
    expect(gpu?.instances[1]?.readings).toEqual({ memoryUsedBytes: 20 * 2 ** 20 });
    expect(gpu?.device.migEnabled).toBe(true);
    expect(gpu?.attribution).toEqual([
      { pod: 'p', namespace: 'n', container: 'c', GPU_I_ID: '7', GPU_I_PROFILE: '1g.10gb' },
    ]);
  });

  it('keeps every pod of a shared GPU, and counts the GPU once', () => {
    const [gpu, ...others] = read(`
DCGM_FI_DEV_GPU_UTIL{${g0},pod="p1",namespace="n",container="c",vgpu="0"} 60
DCGM_FI_DEV_GPU_UTIL{${g0},pod="p2",namespace="n",container="c",vgpu="1"} 60
DCGM_FI_DEV_POWER_USAGE{${g0},pod="p1",namespace="n",container="c",vgpu="0"} 200`);

    expect(others).toEqual([]);
    expect(gpu?.readings).toEqual({ utilPercent: 60, powerWatts: 200 });
    expect(gpu?.attribution.map((owner) => owner['pod'])).toEqual(['p1', 'p2']);
  });

  it('takes labels of events and links, and empty ones, for no owners', () => {
    const [gpu] = read(`
DCGM_FI_DEV_GPU_UTIL{${g0},Hostname="n1",pod="",namespace="",container="",DCGM_FI_DRIVER_VERSION="535.1"} 1
DCGM_EXP_XID_ERRORS_COUNT{${g0},window_size_in_ms="300000",xid="13"} 2
DCGM_FI_DEV_XID_ERRORS{${g0},err_code="0",err_msg="No Error"} 0`);

    expect(gpu?.attribution).toEqual([]);
    expect(gpu?.device.driverVersion).toBe('535.1');
  });

  it('sorts by index, does without a UUID, and passes over other entities', () => {
    const gpus = read(`
DCGM_FI_DEV_GPU_UTIL{gpu="10",UUID="GPU-k"} 1
DCGM_FI_DEV_GPU_UTIL{gpu="2"} 1
DCGM_FI_DEV_NVSWITCH_TEMPERATURE_CURRENT{nvswitch="0"} 40
node_cpu_seconds_total{cpu="0"} 1`);

    expect(gpus.map(({ device }) => [device.index, device.uuid])).toEqual([
      [2, 'GPU-unknown-2'],
      [10, 'GPU-k'],
    ]);
  });

  it('reads names in lower case, as some collectors write them', () => {
    const [gpu, ...others] = page('lower-case');

    expect(others).toEqual([]);
    expect(gpu?.device).toMatchObject({
      uuid: 'GPU-11111111-2222-3333-4444-555555555555',
      model: 'NVIDIA A100 80GB PCIe',
      index: 0,
      minorNumber: 0,
    });
    expect(gpu?.readings).toEqual({ utilPercent: 71, memoryUsedBytes: 4_000 * mib });
    expect(gpu?.attribution).toEqual([{ pod: 'train-1', namespace: 'ml', container: 'main' }]);
  });

  it('reads the labels of pods as exporters before 2.0 wrote them', () => {
    const [gpu] = page('old-pod-labels');

    expect(gpu?.readings).toEqual({ utilPercent: 71, memoryUsedBytes: 4_000 * mib });
    expect(gpu?.attribution).toEqual([{ pod: 'train-1', namespace: 'ml', container: 'main' }]);
  });

  it('takes a model in lower case for the model, not for an owner', () => {
    const [gpu] = page('uuid-lower-case');

    expect(gpu?.device).toMatchObject({ uuid: 'GPU-a', model: 'A100' });
    expect(gpu?.attribution).toEqual([]);
  });

  it('reads a GPU in MIG mode as its instances, and as a whole', () => {
    const [gpu, ...others] = page('mig');

    expect(others).toEqual([]);
    expect(gpu?.instances.map(({ device }) => device)).toEqual([
      { gpuInstanceId: 1, profile: '3g.20gb', computeSlices: 3 },
      { gpuInstanceId: 2, profile: '4g.20gb', computeSlices: 4 },
    ]);
    expect(gpu?.instances.map(({ readings }) => readings)).toEqual([
      { utilPercent: 50, memoryUsedBytes: 1_000 * mib },
      { utilPercent: 100, memoryUsedBytes: 2_000 * mib },
    ]);
    expect(gpu?.readings).toEqual({
      memoryUsedBytes: 3_000 * mib,
      powerWatts: 200.5,
      utilPercent: expect.closeTo(100 * ((0.5 * 3) / 7 + 4 / 7)) as number,
    });
    expect(gpu?.device).toMatchObject({
      migEnabled: true,
      migDevices: [{ gpuInstanceId: 1 }, { gpuInstanceId: 2 }],
    });
  });

  it.each([
    ['all slices', ['3g.20gb', '4g.20gb'], 2 * 1_500 * mib],
    ['some slices', ['3g.20gb', '1g.5gb'], undefined],
  ])('knows the total of a GPU whose instances have %s', (_which, profiles, total) => {
    const lines = profiles.flatMap((profile, id) =>
      [1_000, 500].map(
        (value, at) =>
          `DCGM_FI_DEV_FB_${at === 0 ? 'USED' : 'FREE'}{${g0},GPU_I_ID="${id}",GPU_I_PROFILE="${profile}"} ${value}`,
      ),
    );
    expect(read(lines.join('\n'))[0]?.readings.memoryTotalBytes).toBe(total);
  });

  it('adds up what the pods on a virtual GPU use, and takes what all lines say once', () => {
    const [gpu] = page('virtual-gpu');

    expect(gpu?.readings).toEqual({
      utilPercent: 40,
      memoryUsedBytes: 7_000 * mib,
      memoryFreeBytes: 73_000 * mib,
      memoryTotalBytes: 80_000 * mib,
      temperatureCelsius: 50,
    });
    expect(gpu?.attribution).toHaveLength(3);
  });

  it('adds up equal shares, too, where another family shows that it is told per pod, each pod once', () => {
    const line = (family: string, pod: string, slot: number, value: number): string =>
      `${family}{${g0},pod="${pod}",namespace="n",container="c${slot}",vgpu="${slot}"} ${value}`;
    const [gpu] = read(
      [
        line('DCGM_FI_DEV_GPU_UTIL', 'p1', 0, 60),
        line('DCGM_FI_DEV_GPU_UTIL', 'p1', 1, 60),
        line('DCGM_FI_DEV_GPU_UTIL', 'p2', 2, 60),
        line('DCGM_FI_DEV_FB_USED', 'p1', 0, 1_000),
        line('DCGM_FI_DEV_FB_USED', 'p1', 1, 1_000),
        line('DCGM_FI_DEV_FB_USED', 'p2', 2, 500),
      ].join('\n'),
    );

    expect(gpu?.readings).toEqual({ utilPercent: 100, memoryUsedBytes: 1_500 * mib });
  });

  it('does not believe 0 °C of memory', () => {
    const [gpu] = page('memory-temperature-zero');

    expect(gpu?.readings).toEqual({ temperatureCelsius: 61, utilPercent: 50 });
    expect(gpu?.missing.memoryTemperatureCelsius).toBe('not_supported');
  });

  it('reads the momentary power where the average is not exported', () => {
    expect(page('power-instant')[0]?.readings).toEqual({ powerWatts: 77, utilPercent: 50 });
  });

  it('reads counters with the suffix that OpenMetrics gives them', () => {
    expect(page('openmetrics-total')[0]?.readings).toEqual({
      energyJoules: 5,
      utilPercent: 12,
      pcieReplayCount: 3,
    });
  });
});

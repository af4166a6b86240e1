import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../lib/errors.ts';
import { parseCapture } from './capture.ts';

/** Real recordings that do not belong to this project; the tests of this file are skipped where they are not present. */
const folder = new URL('../../../../shared/captures/nvidia-smi/', import.meta.url).pathname;
const present = existsSync(folder);
const files = globSync(`${folder}{xml,nvml-mock,bundles,csv,text,errors}/*`).sort();
const read = (name: string): string => {
  const file = files.find((path) => path.endsWith(`/${name}`));
  return file === undefined ? '' : readFileSync(file, 'utf8');
};
const mib = 2 ** 20;

/** Outputs that hold no GPU record, and what they are classified as. */
const errors: Readonly<Record<string, string>> = {
  'cannot-communicate.rc9.txt': 'driver_not_loaded',
  'device-handle-unknown-error-old.txt': 'driver_error',
  'gpu-is-lost.txt': 'driver_error',
  'no-devices-were-found.txt': 'no_gpu',
  'nvml-unknown-error.txt': 'driver_error',
  'nvml-version-mismatch-new.txt': 'version_mismatch',
  // Tables and monitors for people, and a list of fields: not what is read live or replayed.
  'gb10-dgx-spark-580.126.09.table.txt': 'bad_output',
  'orin-nvgpu-jp6-540.4.0.table.txt': 'bad_output',
  'titan-xp-384.66.table-old-format.txt': 'bad_output',
  'gh200x4-590.48.01.table.txt': 'bad_output',
  'dmon-old-laptop.txt': 'bad_output',
  'netdata-help-query-gpu.txt': 'bad_output',
};

describe.skipIf(!present)('gpu/nvidia-smi/capture', () => {
  it('finds the recordings', () => {
    expect(files.length).toBeGreaterThanOrEqual(44);
  });

  it.each(files.filter((file) => !(basename(file) in errors)))('reads %s', async (file) => {
    const records = await parseCapture(readFileSync(file, 'utf8'));

    expect(records.length).toBeGreaterThan(0);
    for (const { device, status, readings, missing } of records) {
      expect(device.model).not.toBe('unknown model');
      if (!status.up) continue;
      expect(Object.keys(readings).length).toBeGreaterThan(0);
      expect(Object.keys(readings).filter((name) => name in missing)).toEqual([]);
      for (const value of Object.values(readings)) expect(Number.isFinite(value)).toBe(true);
      expect(readings.utilPercent ?? 0).toBeLessThanOrEqual(100);
      expect(readings.powerWatts ?? 1).toBeLessThan(2_000);
      expect(readings.temperatureCelsius ?? 30).toBeLessThan(100);
      expect(readings.smClockHertz ?? 0).toBeLessThan(4e9);
      expect(readings.memoryUsedBytes ?? 0).toBeLessThanOrEqual(
        readings.memoryTotalBytes ?? Number.POSITIVE_INFINITY,
      );
    }
  });

  it.each(Object.entries(errors))('classifies %s as %s', async (name, code) => {
    const text = read(name);

    expect(text).not.toBe('');
    await expect(parseCapture(text)).rejects.toMatchObject({ code });
    await expect(parseCapture(text).catch(messageOf)).resolves.not.toBe('');
  });

  it('takes only a mismatch of versions for fatal', async () => {
    await expect(parseCapture(read('nvml-version-mismatch-new.txt'))).rejects.toMatchObject({
      fatal: true,
    });
    await expect(parseCapture(read('cannot-communicate.rc9.txt'))).rejects.toMatchObject({
      fatal: false,
    });
  });

  it('reads a loaded RTX 3080 of document type 13', async () => {
    expect(await parseCapture(read('telegraf-rtx-3080-v13.xml'))).toMatchObject([
      {
        device: { driverVersion: '595.58.03', cudaVersion: '13.2', pciBusId: '00000000:0C:00.0' },
        readings: {
          utilPercent: 65,
          memCopyPercent: 9,
          memoryUsedBytes: 9_184 * mib,
          memoryReservedBytes: 397 * mib,
          powerWatts: 139.62,
          powerLimitWatts: 320,
          smClockHertz: 1.95e9,
          performanceState: 2,
          pcieGeneration: 4,
          pcieWidth: 16,
        },
      },
    ]);
  });

  it('keeps the driver’s order of four K80s whose minor numbers are in another one', async () => {
    const records = await parseCapture(read('pai-nvidia_smi_out_of_order.xml'));

    expect(records.map(({ device }) => device.index)).toEqual([0, 1, 2, 3]);
    expect(records[0]).toMatchObject({
      device: { model: 'Tesla K80', minorNumber: 1 },
      readings: { utilPercent: 99, powerWatts: 135.72 },
      processes: [{ pid: 58_813, kind: 'compute', name: 'python', usedMemoryBytes: 576 * mib }],
    });
    expect(records[0]?.device.cudaVersion).toBeUndefined();
  });

  it('counts the GPUs that are there, not the ones announced', async () => {
    expect(await parseCapture(read('pai-nvidia_smi_sample.xml'))).toHaveLength(2);
    expect(await parseCapture(read('telegraf-a100-sxm4-v12.xml'))).toHaveLength(1);
    expect(await parseCapture(read('k8s-test-infra-hw-h100.xml'))).toHaveLength(8);
  });

  it('reads the lost one of two GB200 as lost, its sibling as well', async () => {
    const [well, lost] = await parseCapture(read('qx-gb200-lost.xml'));

    expect(well).toMatchObject({ status: { up: true }, readings: { powerWatts: 618.35 } });
    expect(lost).toMatchObject({
      device: { uuid: 'GPU-b200b200-0000-0000-0000-000000000001' },
      status: { up: false, reason: 'gpu_lost' },
      readings: {},
    });
  });

  it('reads the parent of MIG devices: memory and power, no utilisation', async () => {
    const [gpu] = await parseCapture(read('netdata-a100-sxm4-mig.xml'));

    expect(gpu?.device.migEnabled).toBe(true);
    expect(gpu?.readings).toMatchObject({ memoryUsedBytes: 38 * mib, powerWatts: 66.92 });
    expect(gpu?.readings.utilPercent).toBeUndefined();
    expect(gpu?.missing.utilPercent).toBe('not_available');
  });

  it('reads a document without a DTD, one without a driver version, and a vGPU guest', async () => {
    expect(await parseCapture(read('telegraf-gtx-1660-ti.xml'))).toMatchObject([
      { device: { model: 'Graphics Device' }, readings: { powerWatts: 8.93 } },
    ]);
    const [old] = await parseCapture(read('telegraf-gtx-1070-ti.xml'));
    expect(old?.device.driverVersion).toBeUndefined();
    expect(old?.device.pciBusId).toBe('00000000:01:00.0');
    const [guest] = await parseCapture(read('telegraf-tesla_p4.xml'));
    expect(guest).toMatchObject({
      device: { model: 'GRID P4-1Q' },
      missing: { powerWatts: 'not_available' },
    });
    expect(guest?.processes).toHaveLength(13);
    expect(guest?.processes?.some(({ usedMemoryBytes }) => usedMemoryBytes !== undefined)).toBe(
      false,
    );
  });

  it('reads the CSV of a bundle under load', async () => {
    const [gpu] = await parseCapture(read('linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01.txt'));

    expect(gpu?.readings).toMatchObject({
      utilPercent: 100,
      powerWatts: 631.95,
      memoryUsedBytes: 19_818 * mib,
    });
  });

  it('tells not available from no permission in one CSV row', async () => {
    expect((await parseCapture(read('a100-mig-in-pod.csv')))[0]).toMatchObject({
      readings: { temperatureCelsius: 47 },
      missing: { utilPercent: 'not_available', memoryUsedBytes: 'no_permission' },
    });
  });

  it('reads the text of -q: eight RTX 4090 with their processes', async () => {
    const records = await parseCapture(read('gpud-nvidia-smi-query.535.154.05.out.0.valid.txt'));

    expect(records).toHaveLength(8);
    expect(records[0]).toMatchObject({
      device: { minorNumber: 3, model: 'NVIDIA GeForce RTX 4090' },
      readings: { powerWatts: 67.76, fanPercent: 38 },
      processes: [{ pid: 58_130, usedMemoryBytes: 20_322 * mib }],
    });
  });
});

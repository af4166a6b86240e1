import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv, refusedField } from './csv.ts';

const header = 'index, name, uuid, utilization.gpu [%], memory.used [MiB], power.draw [W]';

describe('gpu/nvidia-smi/csv', () => {
  it('takes units from the cells, else from the header', () => {
    const csv = parseCsv(`${header}\n0, A, GPU-a, 41 %, 100 MiB, 99.50 W\n`);
    const nounits = parseCsv(`${header}\n1, B, GPU-b, 42, 200, 98.5\n`);

    expect(csv?.records[0]?.readings).toEqual({
      utilPercent: 41,
      memoryUsedBytes: 100 * 2 ** 20,
      powerWatts: 99.5,
    });
    expect(nounits?.records[0]?.readings).toEqual({
      utilPercent: 42,
      memoryUsedBytes: 200 * 2 ** 20,
      powerWatts: 98.5,
    });
  });

  it('does not believe a number without its unit beside others that have theirs', () => {
    const csv = parseCsv(`${header}\n0, A, GPU-a, 41 %, 100 MiB, 99.50 W\n1, B, GPU-b, 10, 81\n`);
    const cut = parseCsv(`${header}\n0, A, GPU-a, 10, 100 MiB, 9\n`);

    expect(csv?.records).toHaveLength(1);
    expect(cut?.records[0]?.readings).toEqual({ memoryUsedBytes: 100 * 2 ** 20 });
    expect(cut?.records[0]?.missing).toMatchObject({
      utilPercent: 'unknown_error',
      powerWatts: 'unknown_error',
    });
  });

  it('does not count the last cell of a last line without its end, unless its unit is there', () => {
    const rows = ['0, A, GPU-a, 41 %, 100 MiB, 99.50 W', '1, B, GPU-b, 10 %, 81 MiB, 9'];
    const power = (text: string) => parseCsv(text)?.records.at(-1)?.readings.powerWatts;

    expect(power([header, ...rows].join('\n'))).toBeUndefined();
    expect(power(`${header}\n1, B, GPU-b, 10, 81, 9`)).toBeUndefined();
    expect(power(`${[header, ...rows].join('\n')} W`)).toBe(9);
    expect(parseCsv(`${header}\n1, B, GPU-b, 10, 8`)?.records).toEqual([]);
  });

  it('tells each reason for a missing value in one row', () => {
    const row = '0, A, GPU-a, [N/A], [Insufficient Permissions], [Unknown Error]';

    expect(parseCsv(`${header}\n${row}\n`)?.records[0]?.missing).toMatchObject({
      utilPercent: 'not_available',
      memoryUsedBytes: 'no_permission',
      powerWatts: 'unknown_error',
      temperatureCelsius: 'not_available',
    });
  });

  it('keeps the rows around an error line, and reads that line', () => {
    const csv = parseCsv(
      `${header}\n0, A, GPU-a, 1 %, 1 MiB, 1 W\nUnable to determine the device handle for GPU0000:02:00.0: Unknown Error\n2, C, GPU-c, 2 %, 2 MiB, 2 W\n`,
    );

    expect(csv?.records.map(({ device }) => device.index)).toEqual([0, 2]);
    expect(csv?.broken).toMatchObject([{ pciBusId: '00000000:02:00.0', reason: 'unknown_error' }]);
  });

  it('finds the header after warnings, and a name with commas in it', () => {
    const csv = parseCsv(
      `WARNING: something, somewhere\n${header}\n0, Model X, 80GB, Rev 2, GPU-a, 7 %, 1 MiB, 1 W\n`,
    );

    expect(csv?.records[0]).toMatchObject({
      device: { model: 'Model X, 80GB, Rev 2', uuid: 'GPU-a' },
      readings: { utilPercent: 7 },
    });
  });

  it('is null without a header, and empty without rows', () => {
    expect(parseCsv('hello\nworld')).toBeNull();
    expect(parseCsv(`${header}\n`)?.records).toEqual([]);
  });

  it('knows the field that is refused', () => {
    expect(refusedField('Field "memory.reserved" is not a valid field to query.')).toBe(
      'memory.reserved',
    );
    expect(refusedField('No devices were found')).toBeUndefined();
  });

  it('never fails, and gives finite numbers', () => {
    const cell = fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom('5 %', '[N/A]'));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 9 })), (rows) => {
        const text = [header, ...rows.map((row) => row.join(','))].join('\n');
        for (const { readings } of parseCsv(text)?.records ?? []) {
          for (const value of Object.values(readings)) expect(Number.isFinite(value)).toBe(true);
        }
      }),
    );
  });
});

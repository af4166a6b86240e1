import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsAndLasts as told, readRecording as read } from '../../../test/support/recordings.ts';
import { codeOf } from '../../lib/errors.ts';

const start = Date.UTC(2026, 0, 31, 23, 59) / 1_000;

describe('gpu/recording, logs of nvidia-smi', () => {
  const header =
    'timestamp, index, name, utilization.gpu [%], utilization.memory [%], memory.used [MiB], memory.total [MiB], power.draw [W], power.limit [W]';
  const row = (second: number, index: number, util: string, power = '250.10 W'): string =>
    `2026/01/31 23:59:${second.toFixed(3).padStart(6, '0')}, ${index}, NVIDIA H100, ${util}, 3 %, 1000 MiB, 81559 MiB, ${power}, 700.00 W`;
  const log = (...rows: readonly string[]): string => [header, ...rows, ''].join('\n');

  it('parts the GPUs and reads their channels and facts', () => {
    const { gpus } = read(
      log(row(1, 0, '50 %'), row(1.004, 1, '0 %'), row(2.5, 0, '60 %'), row(2.504, 1, '1 %')),
    )!;
    const timesSeconds = Float64Array.of(start + 1, start + 2.5);
    const of = (...values: number[]) => ({ timesSeconds, values: Float64Array.from(values) });

    expect(gpus).toHaveLength(2);
    expect(gpus[0]).toEqual({
      id: '0',
      model: 'NVIDIA H100',
      timeBase: 'unix',
      channels: {
        util: of(50, 60),
        memCopy: of(3, 3),
        memUsed: of(1000, 1000),
        power: of(250.1, 250.1),
      },
      memoryTotalMiB: 81_559,
      powerLimitWatts: 700,
      interruptions: [],
    });
    expect(gpus[1]).toMatchObject({
      id: '1',
      channels: { util: { values: Float64Array.of(0, 1) } },
    });
  });

  it('takes units from the header where the cells have none, names with commas, and decimal commas', () => {
    const units =
      'name, timestamp, memory.used [MiB], power.draw [W]\r\nQuadro, of old, 2026/01/31 23:59:01.000, 512, 33.5\r\n';
    const commas = 'timestamp, index, power.draw [W]\n2026/01/31 23:59:01,500, 0, 33,5 W\n';
    const semicolons = 'timestamp;index;power.draw [W]\n31.01.2026 23:59:01;0;33,5\n';

    expect(read(units)!.gpus[0]!.model).toBe('Quadro, of old');
    expect(told(read(units)!)).toEqual([{ memUsed: [1, 512], power: [1, 33.5] }]);
    expect(told(read(commas)!)).toEqual([{ power: [1, 33.5] }]);
    expect(told(read(semicolons)!)).toEqual([{ power: [1, 33.5] }]);
  });

  it('has no sample where nvidia-smi has none, nor of what cannot be', () => {
    const file = read(
      log(row(1, 0, '[N/A]'), row(2, 0, '4294967295 %'), row(3, 0, '7 %', '[Unknown Error]')),
    )!;

    expect(file.gpus[0]!.channels.util).toEqual({
      timesSeconds: Float64Array.of(start + 3),
      values: Float64Array.of(7),
    });
    expect([...file.gpus[0]!.channels.power!.values]).toEqual([250.1, 250.1]);
    expect(file.notes).toEqual([]);
  });

  it('leaves out empty lines, a header that comes again, and what stands before the first', () => {
    const other = 'timestamp, index, power.draw [W]';
    const text = `$ nvidia-smi -l 1\n${log(row(1, 0, '5 %'), '', header, row(2, 0, '6 %'), other)}2026/01/31 23:59:03.000, 0, 80.00 W\n`;

    expect(told(read(text)!)).toMatchObject([{ util: [2, 6], power: [3, 80] }]);
    expect(read(text)!.notes).toEqual([{ line: 1, message: 'left out: "$ nvidia-smi -l 1"' }]);
  });

  it('sorts rows where the clock went back, and says so', () => {
    const file = read(log(row(5, 0, '5 %'), row(6, 0, '6 %'), row(2, 0, '2 %'), row(7, 0, '7 %')))!;

    expect([...file.gpus[0]!.channels.util!.values]).toEqual([2, 5, 6, 7]);
    expect(file.notes).toEqual([
      { line: 4, message: expect.stringContaining('goes back by 4.0 s') },
    ]);
  });

  it.each([
    [log(row(1, 0, 'high')), 'x.csv, line 2, column utilization.gpu: "high" is not a number'],
    [
      log(row(1, 0, '5 %').replace('2026/01', 'yesterday')),
      'x.csv, line 2, column timestamp: "yesterday/31',
    ],
    ['utilization.gpu [%]\n5 %\n', 'x.csv, line 1: the header has no column timestamp'],
    [log(), 'x.csv: a header, and no row'],
    ['t_s,foo\n0,1\n', 'line 1: none of the columns'],
    ['t_s,util_gpu,util_gpu\n0,1,1\n', 'line 1, column util_gpu: a column that stands there twice'],
    ['t_s,util_gpu\n1,high\n', 'line 2, column util_gpu: "high" is not a number'],
    ['t_s,util_gpu\n,2\n', 'line 2, column t_s: a row without a time'],
    ['t_s,util_gpu\n5,1\n4,2\n', 'line 3, column t_s: 4 after 5: time goes back'],
    ['t_s,util_gpu\n', 'no row with a sample'],
    [
      '# gpu    pwr  sm\n# Idx W %\n 0 60 50\n',
      'x.csv, line 1: rows of nvidia-smi dmon without their times',
    ],
  ])('refuses what is wrong as a whole, with line and column: %j', (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'bad_file', message: expect.stringContaining(message) }),
    );
  });

  it('leaves files of other kinds to others', () => {
    for (const text of ['', 'hello\n', '<?xml version="1.0"?>\n', 'x'.repeat(200_000)]) {
      expect(read(text)).toBeNull();
    }
  });
});

describe('gpu/recording, traces', () => {
  it('reads the channels, empty cells being no samples, and drops what cannot be true', () => {
    const file = read(
      'util_gpu,t_s,note,power_w\r\n10,5.0,x,1e2\r\n,5.5,y,110\r\n30,6.0,z,nan\r\n4294967295,7,-,\r\n\r\n',
    )!;

    expect(file.gpus[0]!.channels).toEqual({
      util: { timesSeconds: Float64Array.of(5, 6), values: Float64Array.of(10, 30) },
      power: { timesSeconds: Float64Array.of(5, 5.5), values: Float64Array.of(100, 110) },
    });
    expect(file.gpus[0]!.timeBase).toBe('seconds');
  });

  it('keeps the times of several channels once', () => {
    const [gpu] = read('t_s,util_gpu,power_w\n0,1,100\n1,2,110\n')!.gpus;

    expect(gpu!.channels.util!.timesSeconds).toBe(gpu!.channels.power!.timesSeconds);
  });

  it('takes the mean of what a trace says of one moment', () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${Math.floor(i / 4)},${i % 4}`);
    const file = read(['t_s,util_gpu', ...rows, ''].join('\n'))!;

    expect(file.gpus[0]!.channels.util!.values).toEqual(new Float64Array(15).fill(1.5));
    expect(file.notes[0]!.message).toContain('60 rows at 15 moments');
  });

  it('never fails otherwise than by bad_file, and gives ascending finite samples', () => {
    const cell = fc.oneof(
      fc.double().map(String),
      fc.string(),
      fc.constantFrom('2026/01/31 23:59:01.000', '5 %', '[N/A]', '', '7', '"'),
    );
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 12 });
    const headers = fc.constantFrom(
      't_s,util_gpu',
      'timestamp, utilization.gpu [%]',
      '#Date Time gpu sm',
      '',
    );
    const result = fc.check(
      fc.property(headers, rows, (header, cells) => {
        try {
          const file = read([header, ...cells.map((row) => row.join(',')), ''].join('\n'));
          return (file?.gpus ?? []).every(({ channels }) =>
            Object.values(channels).every(
              ({ timesSeconds, values }) =>
                values.every(Number.isFinite) &&
                timesSeconds.every((time, i) => time >= (timesSeconds[i - 1] ?? -Infinity)),
            ),
          );
        } catch (error) {
          return codeOf(error) === 'bad_file';
        }
      }),
    );
    expect(result).toMatchObject({ failed: false });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../lib/errors.ts';
import { isSmiLog, parseSmiLog } from './log.ts';

const header =
  'timestamp, index, name, utilization.gpu [%], utilization.memory [%], memory.used [MiB], memory.total [MiB], power.draw [W], power.limit [W]';
const row = (second: number, index: number, util: string, power = '250.10 W'): string =>
  `2026/01/31 23:59:${second.toFixed(3).padStart(6, '0')}, ${index}, NVIDIA H100, ${util}, 3 %, 1000 MiB, 81559 MiB, ${power}, 700.00 W`;
const log = (...rows: readonly string[]): string => [header, ...rows, ''].join('\n');
const start = Date.UTC(2026, 0, 31, 23, 59) / 1_000;

describe('gpu/nvidia-smi/log', () => {
  it('parts the GPUs and reads their channels and facts', () => {
    const [first, second, ...more] = parseSmiLog(
      log(row(1, 0, '50 %'), row(1.004, 1, '0 %'), row(2.5, 0, '60 %'), row(2.504, 1, '1 %')),
      'gpu.csv',
    );

    expect(more).toEqual([]);
    expect(first).toEqual({
      id: '0',
      model: 'NVIDIA H100',
      channels: {
        util: { timesSeconds: [start + 1, start + 2.5], values: [50, 60] },
        memCopy: { timesSeconds: [start + 1, start + 2.5], values: [3, 3] },
        memUsed: { timesSeconds: [start + 1, start + 2.5], values: [1000, 1000] },
        power: { timesSeconds: [start + 1, start + 2.5], values: [250.1, 250.1] },
      },
      memoryTotalMiB: 81_559,
      powerLimitWatts: 700,
    });
    expect(second).toMatchObject({ id: '1', channels: { util: { values: [0, 1] } } });
  });

  it('takes units from the header where the cells have none, and names with commas', () => {
    const text =
      'name, timestamp, memory.used [MiB], power.draw [W]\r\n' +
      'Quadro, of old, 2026/01/31 23:59:01.000, 512, 33.5\r\n';

    expect(parseSmiLog(text, 'gpu.csv')).toMatchObject([
      {
        id: null,
        model: 'Quadro, of old',
        channels: { memUsed: { values: [512] }, power: { values: [33.5] } },
      },
    ]);
  });

  it('has no sample where nvidia-smi has none, nor of what cannot be', () => {
    const [gpu] = parseSmiLog(
      log(row(1, 0, '[N/A]'), row(2, 0, '4294967295 %'), row(3, 0, '7 %', '[Unknown Error]')),
      'gpu.csv',
    );

    expect(gpu!.channels.util!.values).toEqual([7]);
    expect(gpu!.channels.power!.values).toEqual([250.1, 250.1]);
  });

  it('leaves out a last row that was cut off, empty lines, and a header that comes again', () => {
    const whole = log(row(1, 0, '5 %'), '', header, row(2, 0, '6 %'));
    const text = `${whole}${row(3, 0, '7 %').slice(0, 40)}`;

    expect(parseSmiLog(text, 'gpu.csv')[0]!.channels.util!.values).toEqual([5, 6]);
  });

  it.each([
    [log(row(1, 0, '5 %'), '1, 2'), 'gpu.csv, line 3: 2 cells where the header has 9'],
    [log(row(1, 0, 'high')), 'gpu.csv, line 2, column utilization.gpu: "high" is neither'],
    [
      log(row(1, 0, '5 %').replace('2026/01', 'yesterday')),
      'gpu.csv, line 2, column timestamp: "yesterday/31',
    ],
    ['utilization.gpu [%]\n5 %\n', 'gpu.csv, line 1: the header has no column timestamp'],
    [log(), 'gpu.csv, line 1: a header, and no row'],
    [
      'timestamp, utilization.gpu [%]\n2026/01/31 23:59:01.000, 5 %\n2026/01/31 23:59:01.000, 6 %\n',
      'gpu.csv, line 3: a second row of one moment, and no column that says of which GPU',
    ],
  ])('names the line and the column in %j', (text, message) => {
    expect(() => parseSmiLog(text, 'gpu.csv')).toThrow(
      expect.objectContaining({ code: 'bad_file', message: expect.stringContaining(message) }),
    );
  });

  it('knows a log from other CSV', () => {
    expect(isSmiLog(log())).toBe(true);
    expect(isSmiLog('t_s,util_gpu\n')).toBe(false);
    expect(isSmiLog('')).toBe(false);
  });

  it('never fails otherwise than by bad_file', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('2026/01/31 23:59:01.000', '5 %', '[N/A]', '', '7'),
    );
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 8 });
    const result = fc.check(
      fc.property(rows, (cells) => {
        const text = ['timestamp, utilization.gpu [%]', ...cells.map((r) => r.join(','))].join(
          '\n',
        );
        try {
          return parseSmiLog(text, 'x.csv').length > 0;
        } catch (error) {
          return codeOf(error) === 'bad_file';
        }
      }),
    );
    expect(result).toMatchObject({ failed: false });
  });
});

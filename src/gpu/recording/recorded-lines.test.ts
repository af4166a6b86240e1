import { createReadStream, existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../lib/errors.ts';
import type { ReadOptions, RecordedFile } from './recorded-gpu.ts';
import { RecordedLines } from './recorded-lines.ts';
import { textChunks } from './text-chunks.ts';

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const recordings = new URL('../../../../shared/traces/series/', import.meta.url).pathname;
const start = Date.UTC(2026, 0, 31, 23, 59) / 1_000;

async function readStream(bytes: Readable, options: ReadOptions = {}): Promise<RecordedFile> {
  const lines = new RecordedLines('x.csv', options);
  for await (const chunk of textChunks(bytes)) lines.push(chunk);
  const file = lines.end();
  if (file === null) throw new Error('no recording');
  return file;
}

function read(text: string, options: ReadOptions = {}): RecordedFile | null {
  const lines = new RecordedLines('x.csv', options);
  lines.push(text);
  return lines.end();
}

/** Channel → number of samples and the last of them, of each GPU. */
function told({ gpus }: RecordedFile): unknown {
  return gpus.map(({ channels }) =>
    Object.fromEntries(
      Object.entries(channels).map(([name, { values }]) => [name, [values.length, values.at(-1)]]),
    ),
  );
}

describe('gpu/recording, files as people have them', () => {
  it.each([
    ['log-e-utf16.csv', [{ util: [30, 50], memUsed: [30, 1000], power: [30, 212.35] }]],
    ['log-f-noheader.csv', [{ util: [30, 50], memUsed: [30, 1000], power: [30, 212.35] }]],
    ['log-i-lost-midway.csv', [{ util: [40, 50], memUsed: [40, 1000], power: [40, 212.35] }]],
    ['log-z-failedinit.csv', [{ util: [30, 50], memUsed: [30, 1000], power: [30, 212.35] }]],
    ['log-l-power-average-instant.csv', [{ util: [40, 50], power: [40, 100] }]],
    ['log-l3-power-three.csv', [{ power: [40, 250] }]],
    ['log-b2-cut-util.csv', [{ util: [30, 100] }]],
    ['log-p-iso-time.csv', [{ util: [60, 50] }]],
    ['log-r-quoted.csv', [{ util: [20, 50] }]],
    ['log-s-dmon.txt', [{ util: [30, 50], memCopy: [30, 10], power: [30, 60] }]],
    [
      'log-two-gpus-unnamed.csv',
      [
        { util: [60, 96], memUsed: [60, 40000], power: [60, 368] },
        { util: [60, 0], memUsed: [60, 3], power: [60, 80] },
      ],
    ],
  ])('reads %s', async (name, wanted) => {
    const file = await readStream(createReadStream(fixture(name)));
    const packed = await readStream(Readable.from([gzipSync(readFileSync(fixture(name)))]));

    expect(told(file)).toEqual(wanted);
    expect(packed).toEqual(file);
    expect(file.gpus[0]!.timeBase).toBe('unix');
  });

  it('reads them in pieces of any size', async () => {
    const bytes = readFileSync(fixture('log-e-utf16.csv'));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
      bytes.subarray(7 * i, 7 * i + 7),
    );

    expect(await readStream(Readable.from(pieces))).toEqual(
      await readStream(Readable.from([bytes])),
    );
  });

  it('gives what is in a gzip file that was cut off', async () => {
    const text = [
      't_s,util_gpu',
      ...Array.from({ length: 5_000 }, (_, i) => `${i},${(i * 37) % 101}`),
      '',
    ].join('\n');
    const bytes = gzipSync(text);
    const file = await readStream(Readable.from([bytes.subarray(0, bytes.length / 2)]));

    expect(file.gpus[0]!.channels.util!.values.length).toBeGreaterThan(1_000);
    expect(file.gpus[0]!.channels.util!.values.length).toBeLessThan(5_000);
  });

  it.skipIf(!existsSync(recordings))('reads every real recording', async () => {
    for (const path of globSync(`${recordings}*.csv`)) {
      const { gpus, notes } = await readStream(createReadStream(path));
      expect([path, gpus.length, notes]).toEqual([path, 1, []]);
      expect(gpus[0]!.channels.util?.values.length).toBeGreaterThan(40);
    }
  });
});

describe('gpu/recording, what it tells', () => {
  it('tells of lines left out, with number and text, and shows a lost GPU in time', async () => {
    const lost = 'Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.';
    const file = await readStream(createReadStream(fixture('log-i-lost-midway.csv')));

    expect(file.notes).toEqual([{ line: 42, message: expect.stringContaining(lost) }]);
    expect(file.gpus[0]!.interruptions).toEqual([
      {
        kind: 'lost',
        fromSeconds: start + 39,
        toSeconds: null,
        text: expect.stringContaining(lost),
      },
    ]);
  });

  it('knows which of several GPUs was lost, and from when to when', () => {
    const row = (second: number, busId: string): string =>
      `2026/01/31 23:59:${second}.000, ${busId}, 7 %\n`;
    const [a, b] = ['00000000:01:00.0', '00000000:02:00.0'];
    const text = `timestamp, pci.bus_id, utilization.gpu [%]\n${row(10, a)}${row(10, b)}Unable to determine the device handle for GPU 0000:02:00.0: Unknown Error\n${row(11, a)}${row(12, a)}${row(30, a)}${row(30, b)}`;
    const [first, second] = read(text)!.gpus;

    expect(first!.interruptions).toEqual([]);
    expect(second!.interruptions).toMatchObject([
      { kind: 'lost', fromSeconds: start + 10, toSeconds: start + 30 },
    ]);
  });

  it('says how it told two GPUs without a name apart, or asks for one', async () => {
    const file = await readStream(createReadStream(fixture('log-two-gpus-unnamed.csv')));
    const lines = readFileSync(fixture('log-two-gpus-unnamed.csv'), 'utf8').split('\n');
    const uneven = lines.filter((_, line) => line < 60 || line % 2 === 0);

    expect(file.gpus.map(({ id }) => id)).toEqual(['row 1 of 2', 'row 2 of 2']);
    expect(file.notes[0]!.message).toContain('2 come at once, so they are taken as 2 GPUs');
    expect(() => read(uneven.join('\n'))).toThrow('no column says of which GPU');
  });

  it('names what is to be named where columns or dates cannot be told', () => {
    const bare = '2026/01/31 23:59:01.000, 50, 1000\n2026/01/31 23:59:02.000, 60, 1000\n';
    const date = 'timestamp,utilization.gpu [%]\n02/01/2026 10:00:00,50\n02/01/2026 10:00:01,60\n';
    const hint = (text: string): string => {
      try {
        return `read: ${read(text)?.gpus.length}`;
      } catch (error) {
        return (error as { hint: string }).hint;
      }
    };

    expect(hint(bare)).toContain('--columns timestamp,index,utilization.gpu');
    expect(hint(date)).toContain('--date-order dmy');
    const columns = ['timestamp', 'utilization.gpu', 'memory.used'];
    expect(told(read(bare, { columns })!)).toEqual([{ util: [2, 60], memUsed: [2, 1000] }]);
    expect(told(read(date, { dateOrder: 'mdy' })!)).toEqual([{ util: [2, 60] }]);
    // They also rename those of a header, and - leaves one out.
    const named = { columns: ['t_s', '-', 'power_w'] };
    expect(told(read('time,x,watts\n0,1,100\n1,1,110\n', named)!)).toEqual([{ power: [2, 110] }]);
  });
});

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

import { createReadStream, existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  countsAndLasts as told,
  readRecording as read,
  readStream,
} from '../../../test/support/recordings.ts';

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const recordings = new URL('../../../../shared/traces/series/', import.meta.url).pathname;
const start = Date.UTC(2026, 0, 31, 23, 59) / 1_000;

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

  it('takes a number without a unit for no index where it may be a temperature', () => {
    const row = (second: number): string => `2026/01/31 23:59:${10 + second}.000, 65, 30 %\n`;

    expect(() => read(row(1) + row(2))).toThrow('what its columns are cannot be told');
    expect(read(row(1).replace('65', '3') + row(2).replace('65', '3'))!.gpus[0]!.id).toBe('3');
  });

  it('stops at what no recording has: a line without end, a GPU in each row', async () => {
    const zeros = Readable.from(
      (function* () {
        yield Buffer.from('t_s,util_gpu\n0,1\n1,2\n');
        for (let i = 0; i < 8; i += 1) yield Buffer.alloc(65_536);
        throw new Error('was read on');
      })(),
    );
    const rows = Array.from({ length: 2_000 }, (_, i) => `${i},${i},50`);

    await expect(readStream(zeros)).rejects.toThrow('line 4: a line longer than');
    expect(() => read(['t_s,uuid,util_gpu', ...rows, ''].join('\n'))).toThrow('more than 512 GPUs');
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
    expect(() => read(bare, { columns: ['index', 'power.draw'] })).toThrow(
      '--columns index,power.draw names no column timestamp',
    );
    // They also rename those of a header, and - leaves one out.
    const named = { columns: ['t_s', '-', 'power_w'] };
    expect(told(read('time,x,watts\n0,1,100\n1,1,110\n', named)!)).toEqual([{ power: [2, 110] }]);
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../lib/errors.ts';
import { isTrace, parseTrace } from './trace.ts';

const folder = new URL('../../../../shared/traces/series/', import.meta.url).pathname;
const recordings = existsSync(folder) ? globSync(`${folder}*.csv`) : [];

describe('gpu/replay/trace', () => {
  it('reads the channels from the start of the trace, empty cells being no samples', () => {
    const trace = parseTrace(
      'util_gpu,t_s,note,power_w\r\n10,5.0,x,100\r\n,5.5,y,110\r\n30,6.0,z,nan\r\n\r\n',
      'a.csv',
    );

    expect(trace).toEqual({
      channels: {
        util: { seconds: [0, 1], values: [10, 30] },
        power: { seconds: [0, 0.5], values: [100, 110] },
      },
      lengthSeconds: 1.5,
    });
  });

  it('cuts a segment, both ends included', () => {
    const trace = parseTrace('t_s,util_gpu\n0,1\n1,2\n2,3\n3,4\n', 'a.csv', {
      fromSeconds: 1,
      toSeconds: 2,
    });

    expect(trace).toEqual({
      channels: { util: { seconds: [0, 1], values: [2, 3] } },
      lengthSeconds: 2,
    });
  });

  it('drops values that cannot be true', () => {
    const trace = parseTrace('t_s,util_gpu\n0,4294967295\n1,50\n2,-1\n', 'a.csv');

    expect(trace.channels.util).toEqual({ seconds: [1], values: [50] });
  });

  it.each([
    ['time,util_gpu\n0,1', 'line 1: the header has no column t_s'],
    ['t_s,foo\n0,1', 'line 1: none of the columns'],
    ['t_s,util_gpu,util_gpu\n0,1,1', 'line 1, column util_gpu: a column that stands there twice'],
    ['t_s,util_gpu\n0,1\n1', 'line 3: 1 cells where the header has 2'],
    ['t_s,util_gpu\n0,1\n1,high', 'line 3, column util_gpu: "high" is not a number'],
    ['t_s,util_gpu\n0,1\n,2', 'line 3, column t_s: a row without a time'],
    ['t_s,util_gpu\n5,1\n4,2', 'line 3, column t_s: 4 after 5: time goes back'],
    ['t_s,util_gpu\n', 'no samples'],
  ])('says what is wrong in %j', (text, message) => {
    expect(() => parseTrace(text, 'bad.csv')).toThrow(
      expect.objectContaining({ code: 'bad_file', message: expect.stringContaining(message) }),
    );
    expect(() => parseTrace(text, 'bad.csv')).toThrow('bad.csv');
  });

  it('never fails otherwise than by bad_file, and gives ascending finite samples', () => {
    const cell = fc.oneof(fc.double().map(String), fc.string(), fc.constant(''));
    const rows = fc.array(fc.tuple(cell, cell), { maxLength: 20 });
    const result = fc.check(
      fc.property(rows, (cells) => {
        try {
          const text = ['t_s,util_gpu', ...cells.map((row) => row.join(','))].join('\n');
          const { channels, lengthSeconds } = parseTrace(text, 'x.csv');
          const { seconds = [], values = [] } = channels.util ?? {};
          return (
            lengthSeconds > 0 &&
            [...seconds, ...values].every(Number.isFinite) &&
            seconds.every((at, index) => at >= (seconds[index - 1] ?? 0))
          );
        } catch (error) {
          return codeOf(error) === 'bad_file';
        }
      }),
    );
    expect(result).toMatchObject({ failed: false });
  });

  it.skipIf(recordings.length === 0)('reads every real recording', () => {
    for (const file of recordings) {
      const text = readFileSync(file, 'utf8');
      expect(isTrace(text)).toBe(true);
      const trace = parseTrace(text, file);
      expect(trace.lengthSeconds).toBeGreaterThan(50);
      expect(trace.channels.util?.values.length).toBeGreaterThan(40);
    }
  });
});

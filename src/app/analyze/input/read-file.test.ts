import { describe, expect, it } from 'vitest';
import { readRecordings } from './read-file.ts';

const nodeLabels = ['node', 'Hostname'];
const read = (text: string) => readRecordings({ path: 'x.dat', text }, nodeLabels);
const reply = (result: unknown): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });

describe('app/analyze/input/read-file', () => {
  it('reads a trace', () => {
    const [recording] = read('t_s,util_gpu,power_w\n0,5,\n0.1,6,100\n0.2,7,110\n');

    expect(recording).toMatchObject({ source: 'x.dat', gpu: '', timeBase: 'seconds' });
    expect(recording!.usage.sampling).toBe('native');
    expect([...recording!.usage.channels.power!.timesSeconds]).toEqual([0.1, 0.2]);
  });

  it('reads a log of nvidia-smi, one recording per GPU', () => {
    const recordings = read(
      'timestamp, index, utilization.gpu [%]\n' +
        '2026/01/31 23:59:01.000, 0, 5 %\n2026/01/31 23:59:01.000, 1, 6 %\n',
    );

    expect(recordings.map(({ gpu, timeBase }) => [gpu, timeBase])).toEqual([
      ['0', 'unix'],
      ['1', 'unix'],
    ]);
  });

  it('reads a reply of Prometheus', () => {
    const metric = { __name__: 'DCGM_FI_DEV_GPU_UTIL', UUID: 'GPU-1', gpu: '0', Hostname: 'a' };
    const [recording] = read(reply([{ metric, values: [[1_000, '5']] }]));

    expect(recording).toMatchObject({ gpu: 'Hostname=a, gpu 0, GPU-1', timeBase: 'unix' });
    expect(recording!.usage.sampling).toBe('scraped');
  });

  it.each([
    ['', 'x.dat is empty'],
    ['hello\n', 'x.dat, line 1: neither a trace, nor a log'],
    ['t_s,util_gpu\n0,high\n', 'x.dat, line 2, column util_gpu: "high" is not a number'],
    ['{"status":\n "success",\n oops}', 'x.dat, line 3, column 2: no JSON from here on'],
    ['{"status":"success",\n"data":', 'x.dat, line 2, column 8: the JSON ends too early'],
    ['{"status":"error","error":"bad query"}', 'x.dat: the answer tells of an error: bad query'],
    ['[1]', 'x.dat: the answer has an unexpected shape'],
    [reply([{ metric: { __name__: 'up' }, values: [[1, '1']] }]), 'but with no GPU in it'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'bad_file', message: expect.stringContaining(message) }),
    );
  });
});

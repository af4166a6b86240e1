import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../recording.ts';
import { readRecordings } from './read-file.ts';

async function readBytes(bytes: Buffer, isNamed = true): Promise<readonly Recording[] | null> {
  const input = { name: 'x.dat', bytes: null, isNamed, open: () => Readable.from([bytes]) };
  const file = await readRecordings(input, {
    nodeLabels: ['node', 'Hostname'],
    onChunk: () => {},
  });
  return file && file.recordings;
}
const read = async (text: string) => (await readBytes(Buffer.from(text)))!;
const reply = (result: unknown): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });

describe('app/analyze/input/read-file', () => {
  it('reads a trace', async () => {
    const [recording] = await read('t_s,util_gpu,power_w\n0,5,\n0.1,6,100\n0.2,7,110\n');

    expect(recording).toMatchObject({ source: 'x.dat', gpu: '', timeBase: 'seconds' });
    expect(recording!.usage.sampling).toBe('native');
    expect([...recording!.usage.channels.power!.timesSeconds]).toEqual([0.1, 0.2]);
  });

  it('reads a log of nvidia-smi, one recording per GPU', async () => {
    const recordings = await read(
      'timestamp, index, utilization.gpu [%]\n' +
        '2026/01/31 23:59:01.000, 0, 5 %\n2026/01/31 23:59:01.000, 1, 6 %\n',
    );

    expect(recordings.map(({ gpu, timeBase }) => [gpu, timeBase])).toEqual([
      ['0', 'unix'],
      ['1', 'unix'],
    ]);
  });

  it('reads a reply of Prometheus, packed or not', async () => {
    const metric = { __name__: 'DCGM_FI_DEV_GPU_UTIL', UUID: 'GPU-1', gpu: '0', Hostname: 'a' };
    const text = reply([{ metric, values: [[1_000, '5']] }]);
    const [recording] = await read(text);
    expect(await readBytes(gzipSync(text))).toEqual([recording]);

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
    [
      reply([{ metric: { __name__: 'DCGM_FI_DEV_GPU_UTIL' }, values: [[1, '1'], null] }]),
      'x.dat: null is no point',
    ],
    [
      reply([{ metric: { __name__: 'DCGM_FI_DEV_GPU_UTIL' }, values: [[1e300, '1']] }]),
      'x.dat: [1e+300,"1"] is no point',
    ],
    ['t_s,util_gpu\n-1e300,5\n', 'x.dat, line 2, column t_s: "-1e300" is not a number of seconds'],
    [reply([{ metric: { __name__: 'up' }, values: [[1, '1']] }]), 'but with no GPU in it'],
  ])('says what is wrong with %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining(message),
    });
  });

  it('says why a packed file cannot be read', async () => {
    const bytes = gzipSync('t_s,util_gpu\n'.repeat(500));
    bytes.fill(0xff, 10);

    await expect(readBytes(bytes)).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining('x.dat cannot be read'),
    });
  });

  it('leaves out what is no recording where it was not named itself', async () => {
    expect(await readBytes(Buffer.from('# notes\n'), false)).toBeNull();
    expect(await readBytes(Buffer.alloc(0), false)).toBeNull();
  });
});

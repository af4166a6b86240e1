import { describe, expect, it } from 'vitest';

import type { DeviceCalls } from './device-calls.ts';
import { SampleRing, readValue } from './sample-ring.ts';

type Row = readonly [stampUs: number, value: number];

/** Answers nvmlDeviceGetSamples with these rows, whatever was seen before. */
function ringOf(rows: readonly Row[], buffers: Buffer[] = []): DeviceCalls {
  const call = (_name: string, _type: number, _last: number, ...out: Buffer[]): Promise<number> => {
    const [valueType, count, memory] = out;
    if (valueType === undefined || count === undefined || memory === undefined) throw new Error();
    buffers.push(memory);
    valueType.writeUInt32LE(1);
    const room = count.readUInt32LE();
    count.writeUInt32LE(rows.length);
    if (rows.length > room) return Promise.resolve(7);
    for (const [index, [stampUs, value]] of rows.entries()) {
      memory.writeBigUInt64LE(BigInt(stampUs), index * 16);
      memory.writeUInt32LE(value, index * 16 + 8);
    }
    return Promise.resolve(0);
  };
  return { call } as unknown as DeviceCalls;
}

describe('gpu/nvml/sample-ring', () => {
  it('leaves out empty, repeated and disordered rows', async () => {
    const base = 1_795_000_000_000_000;
    const rows: Row[] = [
      [0, 99],
      [base, 1],
      [base + 5, 2],
      [base + 3, 98],
      [base + 5, 97],
      [base + 9, 3],
    ];
    const drained = await new SampleRing().drain(ringOf(rows), 1, base);
    expect(drained).toEqual({ code: 0, stampsUs: [base + 5, base + 9], values: [2, 3] });
  });

  it('grows its memory once and keeps it', async () => {
    const ring = new SampleRing();
    const buffers: Buffer[] = [];
    const rows = Array.from({ length: 700 }, (_, index): Row => [index + 1, index % 100]);
    expect((await ring.drain(ringOf(rows, buffers), 1, 0)).values).toHaveLength(700);
    expect((await ring.drain(ringOf(rows, buffers), 1, 0)).values).toHaveLength(700);
    expect(buffers.map((buffer) => buffer.length / 16)).toEqual([256, 700, 700]);
  });

  it('never hands out again the memory of a drain that did not return', async () => {
    const ring = new SampleRing();
    const taken: Buffer[] = [];
    const hangs = {
      call: (...args: unknown[]) => {
        taken.push(args[5] as Buffer);
        return Promise.reject(new Error('hung'));
      },
    } as unknown as DeviceCalls;
    await expect(ring.drain(hangs, 1, 0)).rejects.toThrow('hung');
    const later: Buffer[] = [];
    await ring.drain(ringOf([[1, 1]], later), 1, 0);
    expect(taken[0]).toBeInstanceOf(Buffer);
    expect(later[0]).not.toBe(taken[0]);
  });

  it.each([
    [0, 'writeDoubleLE', 12.5],
    [1, 'writeUInt32LE', 4_000_000_000],
    [5, 'writeInt32LE', -3],
    [6, 'writeUInt16LE', 65_535],
  ] as const)('reads a value of type %i', (type, write, value) => {
    const buffer = Buffer.alloc(8);
    buffer[write](value);
    expect(readValue(buffer, 0, type)).toBe(value);
  });

  it.each([2, 3])('reads a 64-bit value of type %i, and nothing of an unknown type', (type) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigUInt64LE(2n ** 40n + 1n);
    expect(readValue(buffer, 0, type)).toBe(2 ** 40 + 1);
    expect(readValue(buffer, 0, 17)).toBeNaN();
  });
});

import { codes } from './return-codes.ts';
import type { DeviceCalls } from './device-calls.ts';

/** Samples of one drain, oldest first: driver stamps in microseconds and raw values. */
export interface RingDrain {
  readonly code: number;
  readonly stampsUs: readonly number[];
  readonly values: readonly number[];
}

const rowBytes = 16;
const maxRows = 16_384;

/**
 * Drains one of the driver's sample rings: nvmlDeviceGetSamples(device, type, last seen stamp, &value type, &count, rows), each row a 64-bit
 * stamp and an 8-byte union of the value. One buffer serves all rings, for drains come one after the other; a drain that does not return
 * keeps its buffer, so that a late answer is written where nobody reads.
 */
export class SampleRing {
  #rows: Buffer | undefined = Buffer.alloc(256 * rowBytes);
  #capacity = 256;

  /** Samples newer than `lastStampUs`. `code` is the driver's; notFound or noData: nothing new. */
  async drain(calls: DeviceCalls, type: number, lastStampUs: number): Promise<RingDrain> {
    for (;;) {
      const rows = this.#take();
      const valueType = Buffer.alloc(4);
      const count = Buffer.alloc(4);
      count.writeUInt32LE(this.#capacity);
      const code = await calls.call(
        'nvmlDeviceGetSamples',
        type,
        lastStampUs,
        valueType,
        count,
        rows,
      );
      this.#rows = rows;
      const found = count.readUInt32LE();
      if (code === codes.insufficientSize && found > this.#capacity && found <= maxRows) {
        this.#capacity = found;
        this.#rows = undefined;
        continue;
      }
      if (code !== codes.ok) return { code, stampsUs: [], values: [] };
      return decodeRows(
        rows,
        Math.min(found, this.#capacity),
        valueType.readUInt32LE(),
        lastStampUs,
      );
    }
  }

  #take(): Buffer {
    const rows = this.#rows ?? Buffer.alloc(this.#capacity * rowBytes);
    this.#rows = undefined;
    return rows;
  }
}

function decodeRows(
  rows: Buffer,
  count: number,
  valueType: number,
  lastStampUs: number,
): RingDrain {
  const stampsUs: number[] = [];
  const values: number[] = [];
  let newest = lastStampUs;
  for (let row = 0; row < count; row += 1) {
    const stampUs = readU64(rows, row * rowBytes);
    // Repeated, empty (stamp 0) or disordered rows would show as time running backwards.
    if (stampUs <= newest) continue;
    newest = stampUs;
    stampsUs.push(stampUs);
    values.push(readValue(rows, row * rowBytes + 8, valueType));
  }
  return { code: codes.ok, stampsUs, values };
}

/** A 64-bit unsigned number; exact below 2^53. */
export function readU64(buffer: Buffer, offset: number): number {
  return buffer.readUInt32LE(offset + 4) * 2 ** 32 + buffer.readUInt32LE(offset);
}

/** The value of nvmlValue_t by its nvmlValueType_t: 0 double, 1 unsigned, 2 and 3 64-bit unsigned, 4 64-bit signed, 5 signed, 6 16-bit. */
export function readValue(buffer: Buffer, offset: number, valueType: number): number {
  switch (valueType) {
    case 0:
      return buffer.readDoubleLE(offset);
    case 1:
      return buffer.readUInt32LE(offset);
    case 2:
    case 3:
      return readU64(buffer, offset);
    case 4:
      return Number(buffer.readBigInt64LE(offset));
    case 5:
      return buffer.readInt32LE(offset);
    case 6:
      return buffer.readUInt16LE(offset);
    default:
      return Number.NaN;
  }
}

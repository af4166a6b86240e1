/** As much of the protocol buffers encoding as the device plugin API needs: strings, booleans and nested messages. */
export type Field = readonly [number: number, value: string | boolean | Buffer];

export function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'boolean') return Buffer.from([number << 3, Number(value)]);
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
    }),
  );
}

/** The values of all length-delimited fields with this number, in order. */
export function messagesOf(message: Buffer, number: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const next = (): number => {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = message.readUInt8(at);
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      shift += 7;
    }
  };
  while (at < message.length) {
    const key = next();
    const wireType = key & 7;
    if (wireType === 0) {
      next();
    } else if (wireType === 2) {
      const length = next();
      if (key >> 3 === number) found.push(message.subarray(at, at + length));
      at += length;
    } else {
      throw new Error(`wire type ${wireType} is none of this API's`);
    }
  }
  return found;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

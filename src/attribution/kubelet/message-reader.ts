import { PodResourcesError } from '../pod-resources-error.ts';

/** Wire types of protobuf that a proto3 message can hold. */
const wire = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/**
 * Walks over the fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/) without copying.
 * Only what the kubelet's answers need: strings and messages are handed out, everything else is passed over.
 */
export class MessageReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * The next field that has a length (string, bytes, message): its number and a view of its content; null at the end.
   * @throws {PodResourcesError} bad_answer, when this is no protobuf message
   */
  next(): { readonly field: number; readonly content: Buffer } | null {
    while (this.#at < this.#bytes.length) {
      const tag = this.#varint();
      const field = Math.floor(tag / 8);
      if (field === 0) throw malformed('a field has the number 0');
      switch (tag % 8) {
        case wire.lengthDelimited:
          return { field, content: this.#take(this.#varint()) };
        case wire.varint:
          this.#varint();
          break;
        case wire.fixed64:
          this.#take(8);
          break;
        case wire.fixed32:
          this.#take(4);
          break;
        default:
          throw malformed(`a field has the wire type ${tag % 8}`);
      }
    }
    return null;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed('it ends inside a field');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Exact up to 2^53; what is larger is only ever passed over or too long a length anyway. */
  #varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw malformed('it ends inside a number');
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw malformed('a number has more than ten bytes');
  }
}

function malformed(what: string): PodResourcesError {
  return new PodResourcesError('bad_answer', `The kubelet's answer cannot be read: ${what}`, {
    hint: 'See that the socket is that of the kubelet (pod-resources/kubelet.sock), not of another service.',
  });
}

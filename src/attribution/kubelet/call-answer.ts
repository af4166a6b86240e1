import { PodResourcesError } from '../pod-resources-error.ts';

/** One byte "compressed", four bytes length (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
const frameHeadBytes = 5;

/** A gRPC message with its head, as sent. */
export function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(frameHeadBytes);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The one message of an answer, as it comes in, up to a size. */
export class CallAnswer {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #received = 0;
  #expected: number | null = null;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws {PodResourcesError} too_large, before the message is held in memory; bad_answer */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#expected === null && this.#received >= frameHeadBytes) this.#readHead();
    if (this.#expected !== null && this.#received > frameHeadBytes + this.#expected) {
      throw badAnswer('it has more than one message');
    }
  }

  /** @throws {PodResourcesError} bad_answer, when the message is not whole */
  message(): Buffer {
    if (this.#expected === null || this.#received < frameHeadBytes + this.#expected) {
      throw badAnswer('its message is not whole');
    }
    return Buffer.concat(this.#chunks).subarray(frameHeadBytes);
  }

  #readHead(): void {
    const head = Buffer.concat(this.#chunks);
    const compressed = head[0] ?? 0;
    this.#chunks.splice(0, this.#chunks.length, head);
    if (compressed !== 0) throw badAnswer('it is compressed, which was not asked for');
    this.#expected = head.readUInt32BE(1);
    if (this.#expected > this.#maxBytes) {
      throw new PodResourcesError(
        'too_large',
        `The kubelet's list of pods has ${this.#expected} bytes; more than ${this.#maxBytes} are not taken`,
        {
          hint: 'This is far beyond what the pods of one node need: see what answers on the socket.',
        },
      );
    }
  }
}

export function badAnswer(what: string): PodResourcesError {
  return new PodResourcesError('bad_answer', `The kubelet's answer is not gRPC: ${what}`, {
    hint: 'See that the socket is that of the kubelet (pod-resources/kubelet.sock), not of another service.',
  });
}

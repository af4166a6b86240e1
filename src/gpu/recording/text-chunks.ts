import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';

/** The first bytes, to see what they are. */
const sniffedBytes = 512;

/**
 * The text of a file, piece by piece, whatever it is packed and written in: gzip is known by its content, UTF-16 (as of PowerShell's `>`) by its mark or by its
 * zero bytes, else it is UTF-8; marks are left out. A gzip file that was cut off gives what is in it.
 */
export async function* textChunks(bytes: Readable): AsyncGenerator<string> {
  const [head, whole] = await peek(bytes);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!isGzip) {
    yield* decoded(whole, head);
    return;
  }
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 256 * 1024 });
  // What goes wrong comes out of the generator below.
  pipeline(Readable.from(whole), gunzip, () => {});
  const [start, text] = await peek(gunzip);
  yield* decoded(text, start);
}

async function* decoded(chunks: AsyncIterable<Buffer>, head: Buffer): AsyncGenerator<string> {
  const decoder = new TextDecoder(encodingOf(head));
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function encodingOf(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  // Without a mark: every second byte of plain text is zero.
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2]! += 1;
  const most = head.length / 4;
  if (zeros[1]! > most && zeros[0] === 0) return 'utf-16le';
  return zeros[0]! > most && zeros[1] === 0 ? 'utf-16be' : 'utf-8';
}

/** The first bytes of a stream, and all of it. */
async function peek(bytes: Readable): Promise<[Buffer, AsyncGenerator<Buffer>]> {
  const iterator: AsyncIterator<Buffer> = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < sniffedBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield* first;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return [Buffer.concat(first).subarray(0, sniffedBytes), all()];
}

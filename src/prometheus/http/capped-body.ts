import type { Readable } from 'node:stream';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { PrometheusError } from '../errors.ts';

/**
 * Reads a decompressed body up to `maxBytes`, so that neither a huge answer nor a small one that unpacks into a huge one fills the memory.
 * @throws {PrometheusError} `body_too_large`, `truncated`
 */
export async function readCapped(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new PrometheusError('body_too_large', `the answer is longer than ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof PrometheusError) throw error;
    throw new PrometheusError(
      'truncated',
      `the answer broke off after ${bytes} bytes (${codeOf(error) ?? 'no code'})`,
      { cause: messageOf(error) },
    );
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks, bytes);
}

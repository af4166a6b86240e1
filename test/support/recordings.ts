import { Readable } from 'node:stream';
import type { ReadOptions, RecordedFile } from '../../src/gpu/recording/recorded-gpu.ts';
import { RecordedLines } from '../../src/gpu/recording/recorded-lines.ts';
import { textChunks } from '../../src/gpu/recording/text-chunks.ts';

/** The recording in a stream of bytes. */
export async function readStream(
  bytes: Readable,
  options: ReadOptions = {},
): Promise<RecordedFile> {
  const lines = new RecordedLines('x.csv', options);
  for await (const chunk of textChunks(bytes)) lines.push(chunk);
  const file = lines.end();
  if (file === null) throw new Error('no recording');
  return file;
}

/** The recording in a text; null: none. */
export function readRecording(text: string, options: ReadOptions = {}): RecordedFile | null {
  const lines = new RecordedLines('x.csv', options);
  lines.push(text);
  return lines.end();
}

/** Channel → number of samples and the last of them, of each GPU. */
export function countsAndLasts({ gpus }: RecordedFile): unknown {
  return gpus.map(({ channels }) =>
    Object.fromEntries(
      Object.entries(channels).map(([name, { values }]) => [name, [values.length, values.at(-1)]]),
    ),
  );
}

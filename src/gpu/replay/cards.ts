import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import { parseCapture } from '../nvidia-smi/capture.ts';
import type { GpuRecord } from '../nvidia-smi/gpu-record.ts';
import type { RecordedFile } from '../recording/recorded-gpu.ts';
import { RecordedLines } from '../recording/recorded-lines.ts';
import { textChunks } from '../recording/text-chunks.ts';
import { SourceError } from '../source.ts';
import type { GpuDevice } from '../source.ts';
import type { ReplayFile } from './files.ts';
import { traceOf, type Trace } from './trace.ts';

/** One replayed GPU: a trace over time, or a still of nvidia-smi. */
export type ReplayCard =
  | { readonly kind: 'trace'; readonly device: GpuDevice; readonly trace: Trace }
  | { readonly kind: 'still'; readonly device: GpuDevice; readonly record: GpuRecord };

/**
 * The GPUs that the files hold: one per trace, all those of a log or a capture of nvidia-smi, in the order of the files.
 * @throws {SourceError} `bad_file`
 */
export async function loadCards(files: readonly ReplayFile[]): Promise<ReplayCard[]> {
  const cards: ReplayCard[] = [];
  for (const file of files) cards.push(...(await loadFile(file, cards.length)));
  return cards;
}

async function loadFile(file: ReplayFile, firstIndex: number): Promise<ReplayCard[]> {
  const label = file.segment
    ? `${basename(file.path)}#${file.segment.fromSeconds}-${file.segment.toSeconds}`
    : basename(file.path);
  // The index keeps two GPUs apart that play the same file.
  const identity = (index: number, gpu: string): GpuDevice => ({
    index,
    uuid: `GPU-replay-${createHash('sha256').update(`${label}\n${index}`).digest('hex').slice(0, 16)}`,
    model: `replay of ${label}${gpu}`,
  });
  const { recorded, text } = await readReplayed(file.path);
  if (recorded !== null) {
    return recorded.gpus.map((gpu, offset) => ({
      kind: 'trace',
      device: identity(firstIndex + offset, recorded.gpus.length > 1 ? `, GPU ${gpu.id}` : ''),
      trace: traceOf(gpu, file.path, file.segment),
    }));
  }
  const records = await parseCapture(text).catch((cause: unknown) => {
    throw new SourceError(
      'bad_file',
      `${file.path} is neither a trace nor a log or a capture of nvidia-smi`,
      {
        cause,
        hint: 'A trace is CSV with a header: t_s and any of util_gpu, util_mem, mem_used_mib, power_w.',
      },
    );
  });
  return records.map((record, offset) => ({
    kind: 'still',
    record,
    device: { ...record.device, ...identity(firstIndex + offset, '') },
  }));
}

interface Replayed {
  /** Null: no recording over time. */
  readonly recorded: RecordedFile | null;
  /** Whole, where it is no recording. */
  readonly text: string;
}

/** A log of one row per GPU is a still. */
async function readReplayed(path: string): Promise<Replayed> {
  const chunks: string[] = [];
  const lines = new RecordedLines(path);
  let rejected: unknown = null;
  try {
    for await (const chunk of textChunks(createReadStream(path))) {
      chunks.push(chunk);
      if (rejected !== null) continue;
      try {
        lines.push(chunk);
      } catch (error) {
        rejected = error;
      }
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const text = chunks.join('');
  try {
    if (rejected !== null) throw rejected;
    const recorded = lines.end();
    const isOverTime = recorded?.gpus.some(({ channels }) =>
      Object.values(channels).some(({ values }) => values.length > 1),
    );
    return { recorded: isOverTime === true ? recorded : null, text };
  } catch (error) {
    // What a capture says without times is a still all the same.
    if (await isCapture(text)) return { recorded: null, text };
    throw error;
  }
}

async function isCapture(text: string): Promise<boolean> {
  return parseCapture(text).then(
    (records) => records.length > 0,
    () => false,
  );
}

/** The failure to read a file, as the source reports it. */
function unreadable(file: string, cause: unknown): SourceError {
  return new SourceError('bad_file', `cannot read ${file}: ${messageOf(cause)}`, {
    cause,
    hint: 'Check the path and its permissions (--replay.files).',
  });
}

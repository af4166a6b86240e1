import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseCapture } from '../nvidia-smi/capture.ts';
import type { GpuRecord } from '../nvidia-smi/gpu-record.ts';
import { SourceError } from '../source.ts';
import type { GpuDevice } from '../source.ts';
import type { ReplayFile } from './files.ts';
import { isTrace, parseTrace, unreadable } from './trace.ts';
import type { Trace } from './trace.ts';

/** One replayed GPU: a trace over time, or a still of nvidia-smi. */
export type ReplayCard =
  | { readonly kind: 'trace'; readonly device: GpuDevice; readonly trace: Trace }
  | { readonly kind: 'still'; readonly device: GpuDevice; readonly record: GpuRecord };

/**
 * The GPUs that the files hold: one per trace, all those of an nvidia-smi capture, in the order of the files.
 * @throws {SourceError} `bad_file`
 */
export async function loadCards(files: readonly ReplayFile[]): Promise<ReplayCard[]> {
  const cards: ReplayCard[] = [];
  for (const file of files) cards.push(...(await loadFile(file, cards.length)));
  return cards;
}

async function loadFile(file: ReplayFile, firstIndex: number): Promise<ReplayCard[]> {
  const text = await readFile(file.path, 'utf8').catch((error: unknown) => {
    throw unreadable(file.path, error);
  });
  const label = file.segment
    ? `${basename(file.path)}#${file.segment.fromSeconds}-${file.segment.toSeconds}`
    : basename(file.path);
  // The index keeps two GPUs apart that play the same file.
  const identity = (index: number): GpuDevice => ({
    index,
    uuid: `GPU-replay-${createHash('sha256').update(`${label}\n${index}`).digest('hex').slice(0, 16)}`,
    model: `replay of ${label}`,
  });
  if (isTrace(text)) {
    const trace = parseTrace(text, file.path, file.segment);
    return [{ kind: 'trace', device: identity(firstIndex), trace }];
  }
  const records = await parseCapture(text).catch((cause: unknown) => {
    throw new SourceError('bad_file', `${file.path} is neither a trace nor an nvidia-smi capture`, {
      cause,
      hint: 'A trace is CSV with a header: t_s and any of util_gpu, util_mem, mem_used_mib, power_w.',
    });
  });
  return records.map((record, offset) => ({
    kind: 'still',
    record,
    device: { ...record.device, ...identity(firstIndex + offset) },
  }));
}

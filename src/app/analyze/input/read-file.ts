import { samplingOf } from '../../../analysis/sampling.ts';
import type { GpuUsage, UsageChannel, UsageSeries } from '../../../analysis/verdict.ts';
import { recordedFamilies, recordedUsage } from '../../../controller/recorded-usage.ts';
import {
  RecordedLines,
  textChunks,
  type ReadNote,
  type ReadOptions,
  type RecordedGpu,
} from '../../../gpu/recorded-gpus.ts';
import { SourceError } from '../../../gpu/source.ts';
import { codeOf, messageOf } from '../../../lib/errors.ts';
import { readRecordedReply } from '../../../prometheus/recorded-reply.ts';
import type { Recording } from '../recording.ts';
import { unreadable, type InputFile } from './input-files.ts';
import { parseJson } from './json-text.ts';

export interface HowToRead extends ReadOptions {
  /** Labels that name the node of a series of Prometheus. */
  readonly nodeLabels: readonly string[];
  /** Called with each piece of the file: how far it is read. What it throws ends the reading. */
  readonly onChunk: (readBytes: number) => void;
}

export interface ReadFile {
  readonly recordings: readonly Recording[];
  readonly notes: readonly ReadNote[];
}

/**
 * The GPUs in a recording, whatever its kind: a CSV trace, a CSV log of nvidia-smi, what nvidia-smi dmon prints, a JSON reply of Prometheus; packed by gzip or not.
 * Null: a file found in a folder that is none of these.
 * @throws {SourceError} `bad_file` that names the file, and the line and the column where there are any
 */
export async function readRecordings(input: InputFile, how: HowToRead): Promise<ReadFile | null> {
  const stream = input.open();
  const lines = new RecordedLines(input.name, how);
  const json: string[] = [];
  let isJson: boolean | null = null;
  try {
    for await (const chunk of textChunks(stream)) {
      how.onChunk('bytesRead' in stream ? Number(stream.bytesRead) : 0);
      if (isJson === null && chunk.trim() !== '') isJson = /^\s*[[{]/.test(chunk);
      if (isJson === true) json.push(chunk);
      else lines.push(chunk);
      if (isJson === false && lines.isOther) break;
    }
  } catch (error) {
    // Of the operating system, or of gzip.
    throw isFromBelow(error) ? unreadable(input.name, error) : error;
  }
  if (isJson === true) return replyRecordings(input.name, json.join(''), how.nodeLabels);
  const file = lines.end();
  if (file !== null) {
    return { recordings: file.gpus.map((gpu) => recordingOf(gpu, input.name)), notes: file.notes };
  }
  if (!input.isNamed) return null;
  throw new SourceError(
    'bad_file',
    isJson === null
      ? `${input.name} is empty`
      : `${input.name}, line 1: neither a trace, nor a log of nvidia-smi, nor a reply of Prometheus`,
    {
      hint: 'A trace has the columns t_s and any of util_gpu, util_mem, mem_used_mib, power_w; a log is what nvidia-smi --query-gpu=timestamp,… --format=csv -l 1 or nvidia-smi dmon -o DT writes; a reply begins with {. Columns of other names are named in order by --columns.',
    },
  );
}

function isFromBelow(error: unknown): boolean {
  return /^(?:E[A-Z]+|Z_[A-Z_]+|ERR_[A-Z_]+)$/.test(codeOf(error) ?? '');
}

function recordingOf(gpu: RecordedGpu, name: string): Recording {
  const { channels: given, interruptions, model, timeBase } = gpu;
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const channel of ['util', 'memCopy', 'memUsed', 'power'] as const) {
    const series = given[channel];
    if (series !== undefined) channels[channel] = series;
  }
  const [first] = Object.values(channels);
  const usage: GpuUsage = {
    channels,
    sampling: samplingOf(first),
    ...(gpu.memoryTotalMiB === null ? {} : { memoryTotalMiB: gpu.memoryTotalMiB }),
    ...(gpu.powerLimitWatts === null ? {} : { powerLimitWatts: gpu.powerLimitWatts }),
  };
  return { source: name, gpu: gpu.id ?? '', model, usage, timeBase, interruptions };
}

function replyRecordings(name: string, text: string, nodeLabels: readonly string[]): ReadFile {
  const answer = parseJson(text, name);
  let gpus: ReturnType<typeof recordedUsage>;
  try {
    gpus = recordedUsage(readRecordedReply(answer), nodeLabels);
  } catch (cause) {
    throw new SourceError('bad_file', `${name}: ${messageOf(cause)}`, {
      cause,
      hint: 'Expected is an answer of /api/v1/query_range, or of /api/v1/query with a range selector.',
    });
  }
  if (gpus.length === 0) {
    throw new SourceError('bad_file', `${name}: a reply of Prometheus, but with no GPU in it`, {
      hint: `Ask for ${recordedFamilies.join(', ')}, with their labels.`,
    });
  }
  const recordings = gpus.map(({ uuid, index, place, model, usage }): Recording => {
    const words = [place, index === '' ? '' : `gpu ${index}`, uuid];
    const gpu = words.filter((word) => word !== '').join(', ');
    return { source: name, gpu, model, usage, timeBase: 'unix', interruptions: [] };
  });
  return { recordings, notes: [] };
}

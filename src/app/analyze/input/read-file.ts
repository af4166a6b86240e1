import type { GpuUsage, UsageChannel, UsageSeries } from '../../../analysis/verdict.ts';
import { recordedFamilies, recordedUsage } from '../../../controller/recorded-usage.ts';
import { isSmiLog, parseSmiLog, type SmiLogGpu } from '../../../gpu/nvidia-smi-log.ts';
import { isTrace, parseTrace, type TraceChannel } from '../../../gpu/recorded-trace.ts';
import { SourceError } from '../../../gpu/source.ts';
import { messageOf } from '../../../lib/errors.ts';
import { readRecordedReply } from '../../../prometheus/recorded-reply.ts';
import type { Recording } from '../recording.ts';
import { parseJson } from './json-text.ts';
import { samplingOf } from './sampling.ts';

export interface FileText {
  readonly path: string;
  readonly text: string;
}

/**
 * The GPUs in a recording, whatever its kind: a CSV trace, a CSV log of nvidia-smi, a JSON reply of Prometheus.
 * @throws {SourceError} `bad_file` that names the file, and the line and the column where there are any
 */
export function readRecordings(file: FileText, nodeLabels: readonly string[]): Recording[] {
  const { path, text } = file;
  if (/^\s*[[{]/.test(text)) return replyRecordings(file, nodeLabels);
  if (isTrace(text)) return [traceRecording(file)];
  if (isSmiLog(text)) {
    return parseSmiLog(text, path).map((gpu) => smiRecording(gpu, path));
  }
  throw new SourceError(
    'bad_file',
    text.trim() === ''
      ? `${path} is empty`
      : `${path}, line 1: neither a trace, nor a log of nvidia-smi, nor a reply of Prometheus`,
    {
      hint: 'A trace has the columns t_s and any of util_gpu, util_mem, mem_used_mib, power_w; a log is what nvidia-smi --query-gpu=timestamp,… --format=csv -l 1 writes; a reply begins with {.',
    },
  );
}

type Samples = Pick<TraceChannel, 'values'> & { readonly timesSeconds: readonly number[] };

function usageOf(
  channels: Readonly<Partial<Record<UsageChannel, Samples>>>,
  facts: Partial<GpuUsage> = {},
): GpuUsage {
  const series: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, { timesSeconds, values }] of Object.entries(channels)) {
    if (values.length === 0) continue;
    series[channel as UsageChannel] = {
      timesSeconds: Float64Array.from(timesSeconds),
      values: Float64Array.from(values),
    };
  }
  const [first] = Object.values(series);
  return { channels: series, sampling: samplingOf(first), ...facts };
}

function traceRecording({ path, text }: FileText): Recording {
  const { util, memCopy, memUsed, power } = parseTrace(text, path).channels;
  const channels: Partial<Record<UsageChannel, Samples>> = {};
  for (const [name, channel] of Object.entries({ util, memCopy, memUsed, power })) {
    if (channel === undefined) continue;
    channels[name as UsageChannel] = { timesSeconds: channel.seconds, values: channel.values };
  }
  return { source: path, gpu: '', model: null, usage: usageOf(channels), timeBase: 'seconds' };
}

function smiRecording(gpu: SmiLogGpu, path: string): Recording {
  const { util, memCopy, memUsed, power } = gpu.channels;
  const facts = {
    memoryTotalMiB: gpu.memoryTotalMiB ?? undefined,
    powerLimitWatts: gpu.powerLimitWatts ?? undefined,
  };
  const present = Object.entries({ util, memCopy, memUsed, power }).filter(([, s]) => s);
  const channels = Object.fromEntries(present) as Partial<Record<UsageChannel, Samples>>;
  return {
    source: path,
    gpu: gpu.id ?? '',
    model: gpu.model,
    usage: usageOf(channels, facts),
    timeBase: 'unix',
  };
}

function replyRecordings({ path, text }: FileText, nodeLabels: readonly string[]): Recording[] {
  const answer = parseJson(text, path);
  let gpus: ReturnType<typeof recordedUsage>;
  try {
    gpus = recordedUsage(readRecordedReply(answer), nodeLabels);
  } catch (cause) {
    throw new SourceError('bad_file', `${path}: ${messageOf(cause)}`, {
      cause,
      hint: 'Expected is an answer of /api/v1/query_range, or of /api/v1/query with a range selector.',
    });
  }
  if (gpus.length === 0) {
    throw new SourceError('bad_file', `${path}: a reply of Prometheus, but with no GPU in it`, {
      hint: `Ask for ${recordedFamilies.join(', ')}, with their labels.`,
    });
  }
  return gpus.map(({ uuid, index, place, model, usage }) => ({
    source: path,
    gpu: [place, index === '' ? '' : `gpu ${index}`, uuid].filter((word) => word !== '').join(', '),
    model,
    usage,
    timeBase: 'unix',
  }));
}

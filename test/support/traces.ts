import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GpuUsage, UsageChannel, UsageSeries } from '../../src/analysis/verdict.ts';

const folder = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));

/** A stretch of a trace with one known pattern. */
export interface Segment {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly pattern: string;
  /** The known period, seconds; null when there is none or it is not known. */
  readonly periodSeconds: number | null;
}

/** One GPU of one recorded job. */
export interface Trace {
  readonly name: string;
  readonly repository: string;
  readonly job: string;
  readonly note: string;
  readonly samplingSeconds: number;
  readonly segments: readonly Segment[];
  readonly channels: Readonly<Partial<Record<UsageChannel, UsageSeries>>>;
}

const columnChannels: Readonly<Record<string, UsageChannel>> = {
  util_gpu: 'util',
  util_mem: 'memCopy',
  mem_used_mib: 'memUsed',
  power_w: 'power',
};

/** One line of CSV with quoted fields. */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
    match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'),
  );
}

function readSeries(file: string): Trace['channels'] {
  const [header, ...rows] = readFileSync(folder + file, 'utf8')
    .trim()
    .split(/\r?\n/);
  const cells = rows.map((row) => row.split(','));
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [column, name] of header!.split(',').entries()) {
    const channel = columnChannels[name];
    if (channel === undefined) continue;
    const present = cells.filter((row) => (row[column] ?? '') !== '');
    channels[channel] = {
      timesSeconds: Float64Array.from(present, (row) => Number(row[0])),
      values: Float64Array.from(present, (row) => Number(row[column])),
    };
  }
  return channels;
}

/** The recorded traces with their labels, or null where they are not there (they are not part of the project). */
export function readTraces(): Trace[] | null {
  if (!existsSync(`${folder}labels.csv`)) return null;
  const [header, ...rows] = readFileSync(`${folder}labels.csv`, 'utf8').trim().split(/\r?\n/);
  const names = fields(header!);
  return rows.map((row) => {
    const values = fields(row);
    const label = Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
    const segments = JSON.parse(label['segments']!) as [number, number, string, number | ''][];
    return {
      name: label['file']!.replace(/^series\/|\.csv$/g, ''),
      repository: label['repo']!,
      job: label['job']!,
      note: label['note']!,
      samplingSeconds: Number(label['sampling_s']),
      segments: segments.map(([fromSeconds, toSeconds, pattern, period]) => ({
        fromSeconds,
        toSeconds,
        pattern,
        periodSeconds: period === '' ? null : period,
      })),
      channels: readSeries(label['file']!),
    };
  });
}

/** The part of a trace between two times. */
export function cut(trace: Trace, fromSeconds: number, toSeconds: number): GpuUsage {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, { timesSeconds, values }] of Object.entries(trace.channels)) {
    let first = timesSeconds.findIndex((time) => time >= fromSeconds);
    if (first < 0) first = timesSeconds.length;
    let end = timesSeconds.findIndex((time) => time > toSeconds);
    if (end < 0) end = timesSeconds.length;
    channels[channel as UsageChannel] = {
      timesSeconds: timesSeconds.subarray(first, end),
      values: values.subarray(first, end),
    };
  }
  return { channels, sampling: 'native' };
}

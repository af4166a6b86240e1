import { lowerBound } from '../../../src/lib/lower-bound.ts';
import type { GpuUsage, UsageChannel, UsageSeries } from '../../../src/analysis/verdict.ts';
import { medianInPlace } from '../../../src/analysis/series/statistics.ts';
import type { Label, Segment } from './labels.ts';
import { csvFields } from './table.ts';

export type Channels = Readonly<Partial<Record<UsageChannel, UsageSeries>>>;

/** One GPU of one recorded job. */
export interface Trace {
  readonly name: string;
  /** The repository that it is from; its own name where that is not known. */
  readonly source: string;
  /** '' when not known. */
  readonly job: string;
  /** Median interval of its samples, seconds. */
  readonly samplingSeconds: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Within the trace; empty when nothing is labelled. */
  readonly segments: readonly Segment[];
  readonly otherPeriodsSeconds: readonly number[];
  readonly channels: Channels;
}

/** Column → channel; units: percent, percent, MiB, W. */
const columnChannels: Readonly<Record<string, UsageChannel>> = {
  util_gpu: 'util',
  util_mem: 'memCopy',
  mem_used_mib: 'memUsed',
  power_w: 'power',
};

/** Channels of a series file: CSV with `t_s` and any of the four columns. Cells that are no number are no samples; a file without a `t_s` gives none. */
export function parseSeries(text: string): Channels {
  const [header = '', ...rows] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const names = csvFields(header);
  const timeColumn = names.indexOf('t_s');
  const cells = rows.map((row) => row.split(','));
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [column, name] of names.entries()) {
    const channel = Object.hasOwn(columnChannels, name) ? columnChannels[name] : undefined;
    if (channel === undefined || timeColumn < 0) continue;
    const present = cells.filter((row) => isNumber(row[timeColumn]) && isNumber(row[column]));
    if (present.length === 0) continue;
    // Cutting needs order; everything else about bad samples is the product's to deal with.
    present.sort((a, b) => Number(a[timeColumn]) - Number(b[timeColumn]));
    channels[channel] = {
      timesSeconds: Float64Array.from(present, (row) => Number(row[timeColumn])),
      values: Float64Array.from(present, (row) => Number(row[column])),
    };
  }
  return channels;
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell));
}

/** A labelled trace; null when the file holds no samples. */
export function toTrace(label: Label, channels: Channels): Trace | null {
  const all = Object.values(channels);
  if (all.length === 0) return null;
  const startSeconds = Math.min(...all.map(({ timesSeconds }) => timesSeconds[0]!));
  const endSeconds = Math.max(...all.map(({ timesSeconds }) => timesSeconds.at(-1)!));
  return {
    name: label.file.replace(/^.*\/|\.csv$/g, ''),
    source: label.repository || label.file,
    job: label.job,
    samplingSeconds: label.samplingSeconds || medianInterval(all[0]!),
    startSeconds,
    endSeconds,
    segments: label.segments.map((segment) => ({
      ...segment,
      fromSeconds: Math.max(segment.fromSeconds, startSeconds),
      toSeconds: Math.min(segment.toSeconds, endSeconds),
    })),
    otherPeriodsSeconds: label.otherPeriodsSeconds,
    channels,
  };
}

export function medianInterval({ timesSeconds }: UsageSeries): number {
  return medianInPlace(timesSeconds.slice(1).map((time, i) => time - timesSeconds[i]!));
}

/** The part of a trace between two times, both included, as samples taken on the node. */
export function cut(trace: Trace, fromSeconds: number, toSeconds: number): GpuUsage {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, series] of Object.entries(trace.channels)) {
    const first = lowerBound(series.timesSeconds, fromSeconds);
    let end = lowerBound(series.timesSeconds, toSeconds);
    while (end < series.timesSeconds.length && series.timesSeconds[end] === toSeconds) end++;
    if (end <= first) continue;
    channels[channel as UsageChannel] = {
      timesSeconds: series.timesSeconds.subarray(first, end),
      values: series.values.subarray(first, end),
    };
  }
  return { channels, sampling: 'native' };
}

/**
 * What a scraper at an even interval would have of it: at each scrape the newest sample, nothing where that is older than two sampling intervals and two
 * scrapes. Time stamps are those of the scrapes.
 */
export function pointSample(usage: GpuUsage, intervalSeconds: number): GpuUsage {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, series] of Object.entries(usage.channels)) {
    const { timesSeconds, values } = series;
    const longestSeconds = 2 * Math.max(intervalSeconds, medianInterval(series));
    const times: number[] = [];
    const seen: number[] = [];
    let at = 0;
    for (let time = timesSeconds[0]!; time <= timesSeconds.at(-1)!; time += intervalSeconds) {
      while (at + 1 < timesSeconds.length && timesSeconds[at + 1]! <= time) at++;
      if (time - timesSeconds[at]! > longestSeconds) continue;
      times.push(time);
      seen.push(values[at]!);
    }
    channels[channel as UsageChannel] = {
      timesSeconds: Float64Array.from(times),
      values: Float64Array.from(seen),
    };
  }
  return { ...usage, channels, sampling: 'scraped' };
}

import type { UsageChannel } from '../../analysis/verdict.ts';
import { profileSlices, wholeUtilisation } from '../../lib/mig-profile.ts';
import { mergeCuts, type Cut, type MergedSeries } from './merge-series.ts';
import { combineLines, isToldPerPod, pagesOf, type TaggedCut } from './pages.ts';

type Channels<Series> = ReadonlyMap<UsageChannel, Series>;

/** A GPU instance of a GPU in MIG mode. */
export interface InstanceSeries<Series> {
  readonly gpuInstanceId: number;
  readonly profile: string;
  readonly channels: Channels<Series>;
}

export interface GpuSeries<Series> {
  readonly channels: Channels<Series>;
  /** By number. */
  readonly instances: readonly InstanceSeries<Series>[];
}

/** What is told of an instance is its own but for power, which is the board's. */
const instanceChannels: readonly UsageChannel[] = ['util', 'memCopy', 'memUsed'];
const channelOrder: readonly UsageChannel[] = [...instanceChannels, 'power'];
const mostPercent = 100;

/**
 * One series per channel of a GPU and of each of its instances, out of any number: lines of one page are put together (pods that share a GPU,
 * instances of a GPU), then what several pages tell is merged.
 */
export function gpuSeries(cuts: readonly TaggedCut[], model: string): GpuSeries<MergedSeries> {
  const pages = pagesOf(cuts).map((page) => pageSeries(page, model));
  const merged = (all: readonly Channels<Cut>[]): Channels<MergedSeries> => {
    const channels = new Map<UsageChannel, MergedSeries>();
    for (const channel of channelOrder) {
      const one = mergeCuts(all.flatMap((page) => page.get(channel) ?? []));
      if (one !== null) channels.set(channel, one);
    }
    return channels;
  };
  const byInstance = Map.groupBy(
    pages.flatMap(({ instances }) => instances),
    ({ gpuInstanceId, profile }) => `${gpuInstanceId} ${profile}`,
  );
  return {
    channels: merged(pages.map(({ channels }) => channels)),
    instances: [...byInstance.values()]
      .map(([first, ...others]) => ({
        gpuInstanceId: first?.gpuInstanceId ?? 0,
        profile: first?.profile ?? '',
        channels: merged([first, ...others].flatMap((one) => one?.channels ?? [])),
      }))
      .sort((a, b) => a.gpuInstanceId - b.gpuInstanceId),
  };
}

function pageSeries(page: readonly TaggedCut[], model: string): GpuSeries<Cut> {
  const whole = page.filter(({ tag }) => tag.part === undefined);
  const parts = page.filter(({ tag }) => tag.part !== undefined);
  const channels = new Map(channelsOf(whole));
  if (parts.length === 0) return { channels, instances: [] };
  const byInstance = Map.groupBy(parts, ({ tag }) => `${tag.part} ${tag.profile ?? ''}`);
  const told = [...byInstance.values()].map((lines) => ({
    gpuInstanceId: Number(lines[0]?.tag.part),
    profile: lines[0]?.tag.profile ?? '',
    channels: channelsOf(lines),
  }));
  for (const channel of channelOrder) {
    if (channels.has(channel)) continue;
    const one = wholeFromInstances(channel, told, model);
    if (one !== null) channels.set(channel, one);
  }
  const instances = told.map((instance) => ({
    ...instance,
    channels: new Map([...instance.channels].filter(([name]) => instanceChannels.includes(name))),
  }));
  return { channels, instances };
}

/** Of one GPU or instance on one page. A family that stands in is used where the channel's own says nothing. */
function channelsOf(lines: readonly TaggedCut[]): Channels<Cut> {
  const perPod = isToldPerPod(lines);
  const channels = new Map<UsageChannel, Cut>();
  for (const [channel, told] of Map.groupBy(lines, ({ tag }) => tag.channel)) {
    const own = told.filter(({ tag }) => tag.standIn !== true);
    const most = channel === 'util' ? mostPercent : Infinity;
    channels.set(channel, combineLines(own.length > 0 ? own : told, perPod, most));
  }
  return channels;
}

/** Times at which an instance told something, but not this, say nothing about the whole. */
function wholeFromInstances(
  channel: UsageChannel,
  instances: readonly InstanceSeries<Cut>[],
  model: string,
): Cut | null {
  const told = instances.map(({ profile, channels }) => ({
    slices: profileSlices(profile),
    times: new Set([...channels.values()].flatMap(({ timesMs }) => [...timesMs])),
    values: valuesByTime(channels.get(channel)),
  }));
  const timesMs: number[] = [];
  const values: number[] = [];
  const allTimes = new Set(told.flatMap(({ values: known }) => [...known.keys()]));
  for (const timeMs of [...allTimes].sort((a, b) => a - b)) {
    const present = told
      .filter(({ times }) => times.has(timeMs))
      .map(({ slices, values: known }) => ({ slices, value: known.get(timeMs) }));
    const value = wholeOf(channel, present, model);
    if (value === undefined) continue;
    timesMs.push(timeMs);
    values.push(value);
  }
  if (timesMs.length === 0) return null;
  const key = instances.flatMap(({ channels }) => channels.get(channel)?.key ?? []).sort()[0] ?? '';
  return { key, timesMs: Float64Array.from(timesMs), values: Float64Array.from(values) };
}

function wholeOf(
  channel: UsageChannel,
  parts: readonly { readonly slices: number | undefined; readonly value: number | undefined }[],
  model: string,
): number | undefined {
  if (channel === 'util' || channel === 'memCopy') return wholeUtilisation(parts, model);
  const values = parts.flatMap(({ value }) => value ?? []);
  // Each line repeats the power of the board.
  if (channel === 'power') return values.length === 0 ? undefined : Math.max(...values);
  return values.length < parts.length ? undefined : values.reduce((sum, value) => sum + value, 0);
}

function valuesByTime(cut: Cut | undefined): ReadonlyMap<number, number> {
  const known = new Map<number, number>();
  for (const [at, timeMs] of (cut?.timesMs ?? []).entries()) {
    known.set(timeMs, cut?.values[at] ?? Number.NaN);
  }
  return known;
}

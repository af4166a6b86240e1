import type { GpuUsage, UsageChannel, UsageSeries } from '../../analysis/verdict.ts';
import type { ChannelSeries } from './channel-windows.ts';
import type { GpuFacts } from './gpu-facts.ts';
import { gpuSeries } from './gpu-series.ts';
import { medianSpacingMs, type MergedSeries } from './merge-series.ts';

/** Why there is nothing to analyse although series of the GPU are known. */
export type WindowFault = 'no_utilisation' | 'stale' | 'low_coverage';

export interface GpuWindow {
  readonly usage: GpuUsage | null;
  readonly fault: WindowFault | null;
  /** Unix ms of the newest sample of any channel, ever; null without any. */
  readonly newestMs: number | null;
  /** Channels for which several series told about the same time. */
  readonly ambiguousChannels: number;
  /** Interval of scrapes as seen; NaN when too short to tell. */
  readonly spacingMs: number;
  /** Samples of utilisation. */
  readonly sampleCount: number;
  /** The GPU instances of a GPU in MIG mode that have something to analyse. */
  readonly instances: readonly InstanceWindow[];
}

export interface InstanceWindow {
  readonly gpuInstanceId: number;
  readonly profile: string;
  readonly memoryTotalMiB: number | null;
  readonly usage: GpuUsage;
}

export interface WindowBounds {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Below this share of the expected samples there is a hole (a restart of Prometheus, lost scrapes), and conclusions would be about the hole. */
const leastCoverage = 0.8;
/** Missed scrapes in a row after which a series is no longer current. */
const mostMissedScrapes = 3;
const leastStaleMs = 10_000;
/** What a single sample is worth before there is a spacing. */
const longestScrapeMs = 60_000;

/** Turns the series of one GPU, from any number of targets, into what the analysis takes. */
export function gpuWindow(
  series: readonly ChannelSeries[],
  bounds: WindowBounds,
  facts: GpuFacts,
): GpuWindow {
  const cuts = series.map(({ key, tag, ring }) => ({
    key,
    tag,
    ...ring.between(bounds.fromMs, bounds.untilMs),
  }));
  const { channels: merged, instances } = gpuSeries(cuts, facts.model ?? '');
  const newest = series.reduce((latest, { ring }) => {
    const newestMs = ring.newestUntil(bounds.untilMs);
    return newestMs > latest ? newestMs : latest;
  }, -Infinity);
  // Power stands in for utilisation, but the power of a whole GPU says nothing of the instances in it.
  const activity = merged.get('util') ?? (instances.length > 0 ? undefined : merged.get('power'));
  const fault = activity === undefined ? 'no_utilisation' : faultOf(activity, bounds);
  return {
    usage: fault === null ? usageOf(merged, bounds, facts) : null,
    fault,
    newestMs: Number.isFinite(newest) ? newest : null,
    ambiguousChannels: [...merged.values()].filter(({ ambiguous }) => ambiguous).length,
    spacingMs: activity === undefined ? Number.NaN : medianSpacingMs(activity.timesMs),
    sampleCount: activity?.timesMs.length ?? 0,
    instances: instances.flatMap(({ gpuInstanceId, profile, channels }) => {
      const own = channels.get('util');
      if (own === undefined || faultOf(own, bounds) !== null) return [];
      const memoryTotalMiB = facts.instanceMemoryMiB.get(gpuInstanceId) ?? null;
      const usage = usageOf(channels, bounds, { memoryTotalMiB, powerLimitWatts: null });
      return [{ gpuInstanceId, profile, memoryTotalMiB, usage }];
    }),
  };
}

/** Channels with a hole in them are left out. */
function usageOf(
  merged: ReadonlyMap<UsageChannel, MergedSeries>,
  bounds: WindowBounds,
  facts: Pick<GpuFacts, 'memoryTotalMiB' | 'powerLimitWatts'>,
): GpuUsage {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, one] of merged) {
    if (faultOf(one, bounds) === null) channels[channel] = usageSeries(one);
  }
  return {
    channels,
    memoryTotalMiB: facts.memoryTotalMiB ?? undefined,
    powerLimitWatts: facts.powerLimitWatts ?? undefined,
    sampling: 'scraped',
  };
}

/** From its first sample on: a GPU that is new has a short history, not a hole in it. */
function faultOf({ timesMs }: MergedSeries, { untilMs }: WindowBounds): WindowFault | null {
  const spacingMs = medianSpacingMs(timesMs);
  const first = timesMs[0] ?? Number.NaN;
  const last = timesMs.at(-1) ?? Number.NaN;
  if (Number.isNaN(spacingMs)) return untilMs - last > longestScrapeMs ? 'stale' : null;
  if (untilMs - last > Math.max(leastStaleMs, mostMissedScrapes * spacingMs)) return 'stale';
  const expected = (last - first) / spacingMs + 1;
  return timesMs.length < leastCoverage * expected ? 'low_coverage' : null;
}

function usageSeries({ timesMs, values }: MergedSeries): UsageSeries {
  return { timesSeconds: timesMs.map((timeMs) => timeMs / 1_000), values };
}

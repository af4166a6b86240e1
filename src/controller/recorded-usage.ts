import type { GpuUsage, UsageChannel, UsageSeries } from '../analysis/verdict.ts';
import { sampleValue, type Series } from '../prometheus/client.ts';
import { seriesKey } from '../prometheus/series-key.ts';
import { SeriesRing } from '../prometheus/series-ring.ts';
import { dcgmDialect } from './usage/dcgm-dialect.ts';
import { channelTag } from './usage/channel-windows.ts';
import { labelIn, type Dialect } from './usage/dialect.ts';
import { FactsReader, noFacts, type GpuFacts } from './usage/gpu-facts.ts';
import { gpuSeries } from './usage/gpu-series.ts';
import { nativeDialect } from './usage/native-dialect.ts';
import { placeOf, placeText } from './usage/node-mapping.ts';
import type { TaggedCut } from './usage/pages.ts';
import { plausible } from './usage/plausible.ts';

/** A GPU in recorded series. */
export interface RecordedGpu {
  readonly uuid: string;
  /** As its label says; '' without one. */
  readonly index: string;
  /** The labels that may name its node, for people. */
  readonly place: string;
  readonly model: string | null;
  readonly usage: GpuUsage;
}

/** Families that are read, for messages. */
export const recordedFamilies: readonly string[] = [nativeDialect, dcgmDialect].flatMap(
  ({ channels, standIns }) => [...Object.keys(channels), ...Object.keys(standIns)],
);

interface Draft {
  readonly uuid: string;
  readonly index: string;
  readonly place: string;
  readonly cuts: TaggedCut[];
}

/** The GPUs in series of our collector or of dcgm-exporter (for a GPU that has both, ours), by node and UUID; usage as scraped. */
export function recordedUsage(
  series: readonly Series[],
  nodeLabels: readonly string[],
): RecordedGpu[] {
  const gpus = new Map<string, RecordedGpu>();
  for (const dialect of [nativeDialect, dcgmDialect]) {
    const facts = new FactsReader(dialect, (labels) => gpuKeyOf(labels, dialect, nodeLabels));
    // Of a range the newest point tells the fact.
    facts.add(series.map(({ labels, points }) => ({ labels, points: points.slice(-1) })));
    const known = facts.result();
    for (const [key, draft] of draftsIn(series, dialect, nodeLabels)) {
      if (gpus.has(key)) continue;
      gpus.set(key, recordedGpu(draft, known.get(key) ?? noFacts, nodeLabels));
    }
  }
  return [...gpus.values()];
}

function draftsIn(
  series: readonly Series[],
  dialect: Dialect,
  nodeLabels: readonly string[],
): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const { labels, points } of series) {
    const tag =
      channelTag(labels, { dialect, nodeLabels, families: 'channels' }) ??
      channelTag(labels, { dialect, nodeLabels, families: 'standIns' });
    const key = gpuKeyOf(labels, dialect, nodeLabels);
    if (tag === null || key === null) continue;
    const { uuid, place } = tag;
    const index = labels[dialect.indexLabel] ?? '';
    const draft = drafts.get(key) ?? { uuid, index, place, cuts: [] };
    drafts.set(key, draft);
    const ring = new SeriesRing();
    for (const [timeSeconds, text] of points) {
      const value = plausible(tag.channel, sampleValue(text) * tag.scale);
      if (!Number.isNaN(value)) ring.add(Math.round(timeSeconds * 1_000), value);
    }
    draft.cuts.push({ key: seriesKey(labels), tag, ...ring.between(-Infinity, Infinity) });
  }
  return drafts;
}

/** A GPU is a UUID at a place: simulated nodes may share UUIDs. */
function gpuKeyOf(
  labels: Series['labels'],
  { uuidLabels }: Dialect,
  nodeLabels: readonly string[],
): string | null {
  const uuid = labelIn(labels, uuidLabels);
  return uuid === '' ? null : `${placeOf(labels, nodeLabels)}\0${uuid}`;
}

function recordedGpu(draft: Draft, facts: GpuFacts, nodeLabels: readonly string[]): RecordedGpu {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  const merged = gpuSeries(draft.cuts, facts.model ?? '');
  for (const [channel, { timesMs, values }] of merged.channels) {
    channels[channel] = { timesSeconds: timesMs.map((timeMs) => timeMs / 1_000), values };
  }
  return {
    uuid: draft.uuid,
    index: draft.index,
    place: placeText(draft.place, nodeLabels),
    model: facts.model,
    usage: {
      channels,
      memoryTotalMiB: facts.memoryTotalMiB ?? undefined,
      powerLimitWatts: facts.powerLimitWatts ?? undefined,
      sampling: 'scraped',
    },
  };
}

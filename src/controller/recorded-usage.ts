import type { GpuUsage, UsageChannel, UsageSeries } from '../analysis/verdict.ts';
import { sampleValue, type Series } from '../prometheus/client.ts';
import { SeriesRing } from '../prometheus/series-ring.ts';
import { dcgmDialect } from './usage/dcgm-dialect.ts';
import type { Dialect } from './usage/dialect.ts';
import { FactsReader, noFacts, type GpuFacts } from './usage/gpu-facts.ts';
import { mergeSeries, type Candidate } from './usage/merge-series.ts';
import { nativeDialect } from './usage/native-dialect.ts';
import { placeOf, placeText } from './usage/node-mapping.ts';
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
  ({ channels }) => Object.keys(channels),
);

interface Draft {
  readonly uuid: string;
  readonly index: string;
  readonly place: string;
  readonly channels: Map<UsageChannel, Candidate[]>;
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
    const family = dialect.channels[labels['__name__'] ?? ''];
    const uuid = labels[dialect.uuidLabel] ?? '';
    const isPart = dialect.partLabel !== null && (labels[dialect.partLabel] ?? '') !== '';
    const key = gpuKeyOf(labels, dialect, nodeLabels);
    if (family === undefined || key === null || isPart) continue;
    const place = placeOf(labels, nodeLabels);
    const index = labels[dialect.indexLabel] ?? '';
    const draft = drafts.get(key) ?? { uuid, index, place, channels: new Map() };
    drafts.set(key, draft);
    const { meaning, scale } = family;
    const ring = new SeriesRing();
    for (const [timeSeconds, text] of points) {
      const value = plausible(meaning, sampleValue(text) * scale);
      if (!Number.isNaN(value)) ring.add(Math.round(timeSeconds * 1_000), value);
    }
    const candidates = draft.channels.get(meaning) ?? [];
    candidates.push({ key: JSON.stringify(labels), ring });
    draft.channels.set(meaning, candidates);
  }
  return drafts;
}

/** A GPU is a UUID at a place: simulated nodes may share UUIDs. */
function gpuKeyOf(
  labels: Series['labels'],
  { uuidLabel }: Dialect,
  nodeLabels: readonly string[],
): string | null {
  const uuid = labels[uuidLabel] ?? '';
  return uuid === '' ? null : `${placeOf(labels, nodeLabels)}\0${uuid}`;
}

function recordedGpu(draft: Draft, facts: GpuFacts, nodeLabels: readonly string[]): RecordedGpu {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, candidates] of draft.channels) {
    const merged = mergeSeries(candidates, -Infinity, Infinity);
    if (merged === null) continue;
    const timesSeconds = merged.timesMs.map((timeMs) => timeMs / 1_000);
    channels[channel] = { timesSeconds, values: merged.values };
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

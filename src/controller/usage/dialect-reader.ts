import type { UsageChannel } from '../../analysis/verdict.ts';
import type { PrometheusClient } from '../../prometheus/client.ts';
import { PrometheusError } from '../../prometheus/errors.ts';
import type { RangeWindows } from '../../prometheus/range-windows.ts';
import { runSharded, ShardSize, type ShardItem } from '../../prometheus/sharded-query.ts';
import { createChannelWindows, type ChannelSeries, type ChannelTag } from './channel-windows.ts';
import { labelIn, selectorOf, type Dialect } from './dialect.ts';
import { FactsReader, noFacts, type GpuFacts } from './gpu-facts.ts';
import type { KnownGpus } from './known-gpus.ts';
import { placeOf, type NodeMapping } from './node-mapping.ts';
import type { ProblemBook } from './problem-book.ts';
import { readRoster, type RosterEntry } from './roster.ts';
import { shardItems } from './shard-items.ts';

export interface DialectReaderOptions {
  readonly client: PrometheusClient;
  readonly dialect: Dialect;
  readonly nodeLabels: readonly string[];
  readonly windowSeconds: number;
  readonly rememberSeconds: number;
  readonly inFlight: number;
  readonly shardBytes: number;
  /** How long facts are believed. */
  readonly factsSeconds: number;
}

/** When and for whom one read asks. */
export interface ReadMoment {
  readonly atSeconds: number;
  readonly overlapSeconds: number;
  readonly signal: AbortSignal;
  readonly problems: ProblemBook;
}

const channelBits: readonly UsageChannel[] = ['util', 'memCopy', 'memUsed', 'power'];
const channelCount = channelBits.length;

/** Of which GPUs samples are wanted, and of how long. */
export interface WantedWindows {
  readonly isWanted: (entry: RosterEntry) => boolean;
  readonly secondsOf: (entry: RosterEntry) => number;
}

/** All that is asked in the names of one dialect, and what is remembered of it from read to read. */
export class DialectReader {
  readonly dialect: Dialect;
  readonly #options: DialectReaderOptions;
  readonly #windows: RangeWindows<ChannelTag>;
  readonly #standIns: RangeWindows<ChannelTag>;
  readonly #vectorSize: ShardSize;
  #entries: readonly RosterEntry[] = [];
  #rosterRead = false;
  /** By gpuKey. */
  #facts = new Map<string, GpuFacts>();
  #factsAtSeconds = -Infinity;
  #implausible = 0;

  constructor(options: DialectReaderOptions) {
    this.dialect = options.dialect;
    this.#options = options;
    this.#vectorSize = new ShardSize(options.shardBytes);
    const onImplausible = (): void => {
      this.#implausible += 1;
    };
    this.#windows = createChannelWindows({ ...options, onImplausible, families: 'channels' });
    this.#standIns = createChannelWindows({ ...options, onImplausible, families: 'standIns' });
  }

  /** The GPUs as last listed; one in MIG mode once, whatever is told of its instances. */
  get entries(): readonly RosterEntry[] {
    return this.#entries;
  }

  /** Null, or why there is no new list; the old one stays. */
  async readRoster(moment: ReadMoment): Promise<PrometheusError | null> {
    const { client, dialect, nodeLabels, windowSeconds } = this.#options;
    const { problems } = moment;
    try {
      const roster = await readRoster(client, {
        ...moment,
        dialect,
        nodeLabels,
        windowSeconds: this.#rosterRead ? 0 : windowSeconds,
      });
      problems.partial(`list of ${dialect.name} GPUs`, roster.warnings);
      this.#rosterRead = true;
      this.#entries = roster.entries;
      if (roster.unusable > 0) {
        problems.count('unusable_series', `${roster.unusable} series`, labelHint(dialect));
      }
      return null;
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error;
      problems.failed(`list of ${dialect.name} GPUs`, error);
      return error;
    }
  }

  /** Brings the windows of the wanted GPUs up to date, each as long as wanted. */
  async readWindows(wanted: WantedWindows, moment: ReadMoment): Promise<void> {
    const { dialect } = this.#options;
    this.#implausible = 0;
    const { isWanted, secondsOf } = wanted;
    const items = shardItems(this.#entries, isWanted, channelCount, secondsOf);
    const outcome = await this.#windows.refresh({ ...moment, items });
    moment.problems.sharded(`${dialect.name} windows`, outcome);
    await this.#readStandIns(wanted, moment);
    if (this.#implausible > 0) {
      moment.problems.count('implausible_values', `${this.#implausible} samples dropped`, '');
    }
  }

  /** Asks for other families of GPUs that do not tell every channel by its own; for most fleets that is nothing. */
  async #readStandIns({ isWanted, secondsOf }: WantedWindows, moment: ReadMoment): Promise<void> {
    const { dialect, windowSeconds } = this.#options;
    const standIns = new Set(Object.values(dialect.standIns).map(({ meaning }) => meaning));
    if (standIns.size === 0) return;
    const told = new Map<string, number>();
    const afterMs = (moment.atSeconds - windowSeconds) * 1_000;
    for (const { tag, ring } of this.#windows.series()) {
      if (!standIns.has(tag.channel) || tag.part !== undefined || ring.newestMs <= afterMs)
        continue;
      const key = `${tag.place}\0${tag.uuid}`;
      told.set(key, (told.get(key) ?? 0) | (1 << channelBits.indexOf(tag.channel)));
    }
    const all = [...standIns].reduce((bits, name) => bits | (1 << channelBits.indexOf(name)), 0);
    const items = shardItems(
      this.#entries,
      (entry) => isWanted(entry) && told.get(`${entry.place}\0${entry.uuid}`) !== all,
      standIns.size,
      secondsOf,
    );
    const outcome = await this.#standIns.refresh({ ...moment, items });
    moment.problems.sharded(`${dialect.name} windows of families that stand in`, outcome);
  }

  /** Reads facts where some are missing or old. Of GPUs of nodes that are not known, none. */
  async readFacts(
    isWanted: (entry: RosterEntry) => boolean,
    mapping: NodeMapping,
    moment: ReadMoment,
  ): Promise<void> {
    const { dialect, factsSeconds, nodeLabels } = this.#options;
    const old = !(Math.abs(moment.atSeconds - this.#factsAtSeconds) <= factsSeconds);
    const keyAt = (place: string, uuid: string): string | null => {
      const node = mapping.find(place);
      return node === null || uuid === '' ? null : gpuKey(node, uuid);
    };
    const isUnknown = ({ place, uuid }: RosterEntry): boolean => {
      const key = keyAt(place, uuid);
      return key !== null && !this.#facts.has(key);
    };
    const items = shardItems(
      this.#entries,
      (entry) => isWanted(entry) && (old || isUnknown(entry)),
      dialect.factFamilies.length,
    );
    if (items.length === 0) return;
    const reader = new FactsReader(dialect, (labels) =>
      keyAt(placeOf(labels, nodeLabels), labelIn(labels, dialect.uuidLabels)),
    );
    const { isWhole, hasFailed } = await this.readVectors('facts', dialect.factFamilies, items, {
      ...moment,
      onSeries: (series) => reader.add(series),
    });
    for (const [key, facts] of reader.result()) this.#facts.set(key, facts);
    // Told with warnings they are told; whoever was left out is asked for again because nothing is known of it.
    if (old && !hasFailed) this.#factsAtSeconds = moment.atSeconds;
    if (!isWhole) return;
    // Asked and nothing told: not asked again before facts are old.
    for (const entry of this.#entries) {
      const key = keyAt(entry.place, entry.uuid);
      if (key !== null && isWanted(entry) && !this.#facts.has(key)) this.#facts.set(key, noFacts);
    }
  }

  /** Instant vectors of some families, in shards. */
  async readVectors(
    what: string,
    families: readonly string[],
    items: readonly ShardItem[],
    how: ReadMoment & { onSeries: Parameters<typeof runSharded>[1]['onSeries'] },
  ): Promise<{ readonly isWhole: boolean; readonly hasFailed: boolean }> {
    const { client, dialect, inFlight } = this.#options;
    const outcome = await runSharded(client, {
      groups: [{ items, atSeconds: how.atSeconds, windowSeconds: 0 }],
      expression: (matcher) => selectorOf(families, matcher),
      size: this.#vectorSize,
      inFlight,
      signal: how.signal,
      onSeries: how.onSeries,
    });
    how.problems.sharded(`${dialect.name} ${what}`, outcome);
    const hasFailed = outcome.failures.length > 0;
    return { hasFailed, isWhole: !hasFailed && outcome.warnings.length === 0 };
  }

  facts(node: string, uuid: string): GpuFacts {
    return this.#facts.get(gpuKey(node, uuid)) ?? noFacts;
  }

  /** Drops facts of GPUs that are not known any more; looked for only where there are more facts than GPUs. */
  retainFacts(known: Pick<KnownGpus, 'find' | 'count'>): void {
    if (this.#facts.size <= known.count) return;
    for (const key of this.#facts.keys()) {
      const [node = '', uuid = ''] = key.split('\0');
      if (known.find(node, uuid) === undefined) this.#facts.delete(key);
    }
  }

  /** Series by `node\0uuid`; of nodes that are not known, none. */
  seriesByGpu(mapping: NodeMapping): Map<string, ChannelSeries[]> {
    const gpus = new Map<string, ChannelSeries[]>();
    for (const windows of [this.#windows, this.#standIns]) {
      for (const series of windows.series()) {
        const node = mapping.find(series.tag.place);
        if (node === null) continue;
        const key = gpuKey(node, series.tag.uuid);
        const known = gpus.get(key);
        if (known === undefined) gpus.set(key, [series]);
        else known.push(series);
      }
    }
    return gpus;
  }
}

/** A GPU is a UUID on a node: simulated ones may share UUIDs across nodes. */
export function gpuKey(node: string, uuid: string): string {
  return `${node}\0${uuid}`;
}

function labelHint({ uuidLabels, indexLabel }: Dialect): string {
  return `Series need the labels ${uuidLabels[0]} and ${indexLabel} (a number); look for a relabelling that drops them.`;
}

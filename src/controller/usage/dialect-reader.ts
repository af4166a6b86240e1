import type { PrometheusClient } from '../../prometheus/client.ts';
import { PrometheusError } from '../../prometheus/errors.ts';
import type { RangeWindows } from '../../prometheus/range-windows.ts';
import { runSharded, ShardSize, type ShardItem } from '../../prometheus/sharded-query.ts';
import { createChannelWindows, type ChannelSeries, type ChannelTag } from './channel-windows.ts';
import { selectorOf, type Dialect } from './dialect.ts';
import { FactsReader, noFacts, type GpuFacts } from './gpu-facts.ts';
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

/** All that is asked in the names of one dialect, and what is remembered of it from read to read. */
export class DialectReader {
  readonly dialect: Dialect;
  readonly #options: DialectReaderOptions;
  readonly #windows: RangeWindows<ChannelTag>;
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
    this.#windows = createChannelWindows({
      ...options,
      onImplausible: () => {
        this.#implausible += 1;
      },
    });
  }

  /** The GPUs (parts left out) as last listed. */
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
      this.#entries = roster.entries.filter(({ part }) => !part);
      for (const { place, uuid, part } of roster.entries) {
        if (part) problems.count('mig_instance', `${uuid} at ${place}`, migHint);
      }
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

  /** Brings the windows of the wanted GPUs up to date. */
  async readWindows(isWanted: (entry: RosterEntry) => boolean, moment: ReadMoment): Promise<void> {
    const { dialect } = this.#options;
    const perGpu = Object.keys(dialect.channels).length;
    const items = shardItems(this.#entries, isWanted, dialect.uuidLabel, perGpu);
    this.#implausible = 0;
    const outcome = await this.#windows.refresh({ ...moment, items });
    moment.problems.sharded(`${dialect.name} windows`, outcome);
    if (this.#implausible > 0) {
      moment.problems.count('implausible_values', `${this.#implausible} samples dropped`, '');
    }
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
      dialect.uuidLabel,
      dialect.factFamilies.length,
    );
    if (items.length === 0) return;
    const reader = new FactsReader(dialect, (labels) =>
      keyAt(placeOf(labels, nodeLabels), labels[dialect.uuidLabel] ?? ''),
    );
    const whole = await this.readVectors('facts', dialect.factFamilies, items, {
      ...moment,
      onSeries: (series) => reader.add(series),
    });
    for (const [key, facts] of reader.result()) this.#facts.set(key, facts);
    if (!whole) return;
    // Asked and nothing told: not asked again before facts are old.
    for (const entry of this.#entries) {
      const key = keyAt(entry.place, entry.uuid);
      if (key !== null && isWanted(entry) && !this.#facts.has(key)) this.#facts.set(key, noFacts);
    }
    if (old) this.#factsAtSeconds = moment.atSeconds;
  }

  /** Instant vectors of some families, in shards. True when all were answered in full. */
  async readVectors(
    what: string,
    families: readonly string[],
    items: readonly ShardItem[],
    how: ReadMoment & { onSeries: Parameters<typeof runSharded>[1]['onSeries'] },
  ): Promise<boolean> {
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
    return outcome.failures.length === 0 && outcome.warnings.length === 0;
  }

  facts(node: string, uuid: string): GpuFacts {
    return this.#facts.get(gpuKey(node, uuid)) ?? noFacts;
  }

  /** Series by `node\0uuid`; of nodes that are not known, none. */
  seriesByGpu(mapping: NodeMapping): Map<string, ChannelSeries[]> {
    const gpus = new Map<string, ChannelSeries[]>();
    for (const series of this.#windows.series()) {
      const node = mapping.find(series.tag.place);
      if (node === null) continue;
      const key = gpuKey(node, series.tag.uuid);
      const known = gpus.get(key);
      if (known === undefined) gpus.set(key, [series]);
      else known.push(series);
    }
    return gpus;
  }
}

/** A GPU is a UUID on a node: simulated ones may share UUIDs across nodes. */
export function gpuKey(node: string, uuid: string): string {
  return `${node}\0${uuid}`;
}

const migHint =
  'Utilisation of MIG instances is not told by DCGM (no GPU_UTIL there); the collector of this project reads what the driver has.';

function labelHint({ uuidLabel, indexLabel }: Dialect): string {
  return `Series need the labels ${uuidLabel} and ${indexLabel} (a number); look for a relabelling that drops them.`;
}

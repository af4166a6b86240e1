import { systemClock, type Clock } from '../lib/clock.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { PrometheusError } from '../prometheus/errors.ts';
import type { PublishedVerdict } from '../analysis/verdict.ts';
import { dcgmDialect } from './usage/dcgm-dialect.ts';
import {
  DialectReader,
  gpuKey,
  type ReadMoment,
  type WantedWindows,
} from './usage/dialect-reader.ts';
import { buildFleet, unmatchedSeries, type FleetParts } from './usage/fleet.ts';
import { freshVerdicts } from './usage/fresh-verdicts.ts';
import { instanceVerdicts } from './usage/instance-verdicts.ts';
import { KnownGpus } from './usage/known-gpus.ts';
import { nativeDialect } from './usage/native-dialect.ts';
import { NodeMapping } from './usage/node-mapping.ts';
import { ProblemBook } from './usage/problem-book.ts';
import type { RosterEntry } from './usage/roster.ts';
import { ScrapeIntervals } from './usage/scrape-intervals.ts';
import { ServerClock } from './usage/server-clock.ts';
import { tellUnmatched } from './usage/unmatched.ts';
import { VerdictAges } from './usage/verdict-ages.ts';
import type { FleetUsage, UsageSource } from './usage-source.ts';

export interface PrometheusUsageOptions {
  readonly client: PrometheusClient;
  /** auto: for each GPU the series of our own collector where it has some, else those of dcgm-exporter. */
  readonly dialects: 'auto' | 'native' | 'dcgm';
  /** Labels that may name a series' node, in the order in which they are tried. */
  readonly nodeLabels: readonly string[];
  /** IP address → node, asked at each read, for targets that only carry an address. */
  readonly nodeAddresses?: () => ReadonlyMap<string, string>;
  /** Longer for GPUs that are scraped so rarely that it would hold too few samples, up to `mostWindowMs` (default 6 h). */
  readonly windowMs: number;
  readonly mostWindowMs?: number;
  readonly inFlight: number;
  readonly shardBytes: number;
  /** A node's own verdict is taken up to this age; then series are analysed here. 0: not asked for. Default 2 min. */
  readonly verdictMaxAgeMs?: number;
  /** How long a GPU that is silent together with its whole node is still told about. Default 24 h. */
  readonly forgetAfterMs?: number;
  /** How long one that is absent while its siblings are there is still told about. Default 10 min. */
  readonly goneAfterMs?: number;
  readonly clock?: Clock;
}

const factsSeconds = 600;
/** Scrapes that may fail before a verdict counts as old. */
const mostMissedScrapes = 3;

/** Usage of a fleet as Prometheus knows it. Keeps windows between reads; not to be read by two at once. */
export function createPrometheusUsage(options: PrometheusUsageOptions): UsageSource {
  const usage = new PrometheusUsage(options);
  return { read: async (nodeNames, signal) => await usage.read(nodeNames, signal) };
}

class PrometheusUsage {
  readonly #options: PrometheusUsageOptions;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #native: DialectReader | null;
  readonly #dcgm: DialectReader | null;
  readonly #known: KnownGpus;
  /** null: verdicts are not asked for. */
  readonly #ages: VerdictAges | null;
  readonly #intervals: ScrapeIntervals;
  /** What nodes said of their GPUs, as of the last read. */
  #verdicts: ReadonlyMap<string, PublishedVerdict> = new Map();

  constructor(options: PrometheusUsageOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#serverClock = new ServerClock(options.client, this.#clock);
    const reader = (dialect: typeof nativeDialect): DialectReader =>
      new DialectReader({
        ...options,
        dialect,
        windowSeconds: Math.ceil(options.windowMs / 1_000),
        rememberSeconds: Math.ceil(Math.max(options.windowMs * 2, 3_600_000) / 1_000),
        factsSeconds,
      });
    this.#native = options.dialects === 'dcgm' ? null : reader(nativeDialect);
    this.#dcgm = options.dialects === 'native' ? null : reader(dcgmDialect);
    const { verdictMaxAgeMs = 120_000 } = options;
    this.#intervals = new ScrapeIntervals({
      windowSeconds: Math.ceil(options.windowMs / 1_000),
      mostWindowSeconds: Math.ceil((options.mostWindowMs ?? 6 * 3_600_000) / 1_000),
    });
    const verdictSeconds = (gpu: string): number =>
      Math.max(verdictMaxAgeMs / 1_000, mostMissedScrapes * (this.#intervals.secondsOf(gpu) ?? 0));
    this.#ages = verdictMaxAgeMs === 0 ? null : new VerdictAges(verdictSeconds);
    this.#known = new KnownGpus({
      goneAfterMs: options.goneAfterMs ?? 600_000,
      forgetAfterMs: options.forgetAfterMs ?? 86_400_000,
    });
  }

  async read(nodeNames: readonly string[], signal: AbortSignal): Promise<FleetUsage> {
    const { nodeLabels, nodeAddresses } = this.#options;
    const problems = new ProblemBook();
    const now = await this.#serverClock.moment(this.#intervals.medianSeconds, problems, signal);
    const { atSeconds } = now;
    const moment: ReadMoment = { ...now, signal, problems };
    const mapping = new NodeMapping(nodeNames, nodeAddresses?.());

    await this.#readRosters(moment);
    this.#known.retainNodes(new Set(nodeNames));
    this.#see(mapping);
    const verdicts = await this.#readVerdicts(mapping, moment);
    const instances = await this.#readInstanceVerdicts(mapping, moment);
    const isUnjudged = (gpu: string): boolean => !verdicts.has(gpu);
    await this.#readSeries(mapping, isUnjudged, moment);

    const parts: FleetParts = {
      readers: this.#readers(),
      verdicts,
      instances,
      mapping,
      known: this.#known,
      windowSeconds: (gpu) => this.#intervals.windowSeconds(gpu),
      untilMs: atSeconds * 1_000,
      skewMs: now.skewMs,
      pause: async () => await this.#clock.sleep(0, signal),
    };
    let fleet = await buildFleet(parts);
    const isKnown = (gpu: string): boolean => {
      const [node = '', uuid = ''] = gpu.split('\0');
      return this.#known.find(node, uuid) !== undefined;
    };
    const grown = this.#intervals.learn(fleet.spacingsMs, isKnown);
    if (grown.size > 0) {
      await this.#readSeries(mapping, (gpu) => grown.has(gpu), moment);
      fleet = await buildFleet(parts);
    }
    for (const remark of fleet.remarks) problems.count(...remark);
    this.#forget(problems.complete);
    const unmatched = unmatchedSeries(this.#readers(), mapping, nodeLabels);
    tellUnmatched(unmatched, nodeLabels, problems);
    return {
      timeMs: this.#clock.now(),
      complete: problems.complete,
      problems: problems.list(),
      nodes: fleet.nodes,
      unmatched,
    };
  }

  /** An incomplete picture shows nobody's absence, but what is never in one is gone all the same. */
  #forget(isComplete: boolean): void {
    if (isComplete) this.#known.forget(this.#clock.now());
    else this.#known.forgetUnseen();
    for (const reader of this.#readers()) reader.retainFacts(this.#known);
  }

  /** Preferred first. */
  #readers(): DialectReader[] {
    return [this.#native, this.#dcgm].filter((reader) => reader !== null);
  }

  /** @throws {PrometheusError} when no dialect could be listed. */
  async #readRosters(moment: ReadMoment): Promise<void> {
    const readers = this.#readers();
    const errors: PrometheusError[] = [];
    for (const reader of readers) {
      const error = await reader.readRoster(moment);
      if (error !== null) errors.push(error);
    }
    const [first] = errors;
    if (first !== undefined && errors.length === readers.length) throw first;
    if (readers.every(({ entries }) => entries.length === 0)) {
      const problem = {
        code: 'no_gpu_series',
        detail: `Prometheus has no series of GPUs (${readers.map(({ dialect }) => dialect.roster[0]).join(', ')})`,
        hint: 'Check that the collector or dcgm-exporter runs and that Prometheus scrapes it.',
      };
      // Where there were GPUs, all gone at once, it is the data that are missing.
      const [known] = this.#known.nodes();
      if (known === undefined) moment.problems.note(problem);
      else moment.problems.incomplete(problem);
    }
  }

  /** Notes which GPUs are there; of two targets that differ about an index the preferred dialect's holds, then the lexically first. */
  #see(mapping: NodeMapping): void {
    const nowMs = this.#clock.now();
    const seen = new Map<string, RosterEntry>();
    for (const { entries } of this.#readers()) {
      const sorted = [...entries].sort((a, b) => (a.origin < b.origin ? -1 : 1));
      for (const entry of sorted) {
        const node = mapping.find(entry.place);
        if (node === null || seen.has(gpuKey(node, entry.uuid))) continue;
        seen.set(gpuKey(node, entry.uuid), entry);
        const { uuid, index } = entry;
        this.#known.see({ node, uuid, index, lastSampleMs: null, seenMs: nowMs });
      }
    }
  }

  async #readVerdicts(
    mapping: NodeMapping,
    moment: ReadMoment,
  ): Promise<ReadonlyMap<string, PublishedVerdict>> {
    if (this.#native === null || this.#ages === null) return new Map();
    const how = { ages: this.#ages, before: this.#verdicts };
    this.#verdicts = await freshVerdicts(this.#native, mapping, how, moment);
    return this.#verdicts;
  }

  async #readInstanceVerdicts(
    mapping: NodeMapping,
    moment: ReadMoment,
  ): ReturnType<typeof instanceVerdicts> {
    const [reader, ages] = [this.#native, this.#ages];
    if (reader === null || ages === null) return new Map();
    return await instanceVerdicts(reader, mapping, (gpu, at) => ages.isFresh(gpu, at), moment);
  }

  /** Facts of all GPUs, windows of those about which no node has said anything fresh. */
  async #readSeries(
    mapping: NodeMapping,
    isWanted: (gpu: string) => boolean,
    moment: ReadMoment,
  ): Promise<void> {
    const keyOf = ({ place, uuid }: RosterEntry): string | null => {
      const node = mapping.find(place);
      return node === null ? null : gpuKey(node, uuid);
    };
    const own = new Set((this.#native?.entries ?? []).map(keyOf));
    for (const reader of this.#readers()) {
      const mine = (entry: RosterEntry): boolean => {
        const key = keyOf(entry);
        return key !== null && (reader === this.#native || !own.has(key));
      };
      await reader.readFacts(mine, mapping, moment);
      const wanted: WantedWindows = {
        isWanted: (entry) => mine(entry) && isWanted(keyOf(entry) ?? ''),
        secondsOf: (entry) => this.#intervals.windowSeconds(keyOf(entry) ?? ''),
      };
      await reader.readWindows(wanted, moment);
    }
  }
}

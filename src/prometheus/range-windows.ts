import { sampleValue } from './answer/series.ts';
import type { PrometheusClient, Series } from './client.ts';
import { seriesKey } from './series-key.ts';
import { SeriesRing } from './series-ring.ts';
import {
  ShardSize,
  runSharded,
  type ShardGroup,
  type ShardItem,
  type ShardedOutcome,
} from './sharded-query.ts';

export interface RangeWindowsOptions<Tag> {
  readonly client: PrometheusClient;
  /** A selector of series that has room for one more matcher: `matcher => {__name__=~"a|b",${matcher}}`. */
  readonly selector: (matcher: string) => string;
  /** What the owner needs to know of a series, once; null: of no interest. Labels themselves are not kept, they are most of the memory. */
  readonly tag: (labels: Readonly<Record<string, string>>) => Tag | null;
  /** The value to keep, in the owner's unit; NaN: an impossible value, not kept. */
  readonly convert: (tag: Tag, value: number) => number;
  /** Of items that want no other. */
  readonly windowSeconds: number;
  /** How long a series without new samples is remembered. */
  readonly rememberSeconds: number;
  readonly inFlight: number;
  readonly shardBytes: number;
}

export interface WindowSeries<Tag> {
  /** All labels in one order: the identity of the series, and the last word in a tie. */
  readonly key: string;
  readonly tag: Tag;
  readonly ring: SeriesRing;
}

export interface Refresh {
  readonly items: readonly ShardItem[];
  /** Time of evaluation, the same for all shards. */
  readonly atSeconds: number;
  /** Fetched again before the last evaluation, for samples that were on their way then. */
  readonly overlapSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * Raw samples of the last `windowSeconds`, kept in rings and brought up to date by fetching only what is new, in shards.
 * What was never fetched, or missed while Prometheus was away, is fetched as far back as it is missing.
 */
export class RangeWindows<Tag> {
  readonly #options: RangeWindowsOptions<Tag>;
  readonly #size: ShardSize;
  readonly #series = new Map<string, WindowSeries<Tag>>();
  /** Keys of series that are of no interest. */
  readonly #ignored = new Set<string>();
  /** `label\0value` of an item → time up to which its samples are here, and of how long before, seconds. */
  readonly #fetched = new Map<string, { readonly until: number; readonly window: number }>();
  #longestWindow: number;
  #lastAtSeconds = -Infinity;

  constructor(options: RangeWindowsOptions<Tag>) {
    this.#options = options;
    this.#longestWindow = options.windowSeconds;
    this.#size = new ShardSize(options.shardBytes);
  }

  /** All series remembered, also those without a sample in the window. */
  series(): Iterable<WindowSeries<Tag>> {
    return this.#series.values();
  }

  async refresh(refresh: Refresh): Promise<ShardedOutcome> {
    const { client, selector, inFlight } = this.#options;
    // The server's clock was ahead: what is in the window again was forgotten then, and nothing of what came since is here.
    if (refresh.atSeconds < this.#lastAtSeconds) this.#fetched.clear();
    this.#lastAtSeconds = refresh.atSeconds;
    this.#longestWindow = refresh.items.reduce(
      (longest, item) => Math.max(longest, this.#windowOf(item)),
      this.#options.windowSeconds,
    );
    const fresh = new Map<string, number>();
    const freshAfter = refresh.atSeconds - refresh.overlapSeconds;
    const outcome = await runSharded(client, {
      groups: this.#missing(refresh),
      expression: (matcher, range) => `${selector(matcher)}${range}`,
      size: this.#size,
      inFlight,
      signal: refresh.signal,
      onSeries: (series, { items }) => {
        const label = items[0]?.label ?? '';
        const windows = new Map(items.map((item) => [item.value, this.#windowOf(item)]));
        for (const { labels, points } of series) {
          const window = windows.get(labels[label] ?? '') ?? this.#longestWindow;
          this.#ingest(labels, points, refresh.atSeconds - window);
          if (!((points.at(-1)?.[0] ?? -Infinity) > freshAfter)) continue;
          const key = itemKey({ label, value: labels[label] ?? '' });
          fresh.set(key, (fresh.get(key) ?? 0) + 1);
        }
      },
    });
    this.#settle(refresh, outcome, fresh);
    this.#forget(refresh.atSeconds);
    return outcome;
  }

  /** Items in groups by how far back they must be fetched. */
  #missing({ items, atSeconds, overlapSeconds }: Refresh): ShardGroup[] {
    const groups = new Map<number, ShardItem[]>();
    for (const item of items) {
      const whole = this.#windowOf(item);
      const fetched = this.#fetched.get(itemKey(item));
      const until = fetched === undefined || fetched.window < whole ? -Infinity : fetched.until;
      const seconds = Math.min(whole, Math.max(0, atSeconds - until) + overlapSeconds);
      const group = groups.get(seconds);
      if (group === undefined) groups.set(seconds, [item]);
      else group.push(item);
    }
    return [...groups].map(([windowSeconds, group]) => ({
      items: group,
      atSeconds,
      windowSeconds,
    }));
  }

  #windowOf({ windowSeconds }: ShardItem): number {
    return windowSeconds ?? this.#options.windowSeconds;
  }

  #ingest(labels: Series['labels'], points: Series['points'], startSeconds: number): void {
    const series = this.#seriesOf(labels);
    if (series === null) return;
    const { convert } = this.#options;
    for (const [timeSeconds, text] of points) {
      const value = convert(series.tag, sampleValue(text));
      if (!Number.isNaN(value)) series.ring.add(Math.round(timeSeconds * 1_000), value);
    }
    series.ring.forgetUntil(startSeconds * 1_000);
  }

  #seriesOf(labels: Series['labels']): WindowSeries<Tag> | null {
    const key = seriesKey(labels);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    if (this.#ignored.has(key)) return null;
    const tag = this.#options.tag(labels);
    if (tag === null) {
      this.#ignored.add(key);
      return null;
    }
    const series = { key, tag, ring: new SeriesRing() };
    this.#series.set(key, series);
    return series;
  }

  /** An answer with warnings may lack series: then only items all of whose series came, up to now, count as fetched. */
  #settle(refresh: Refresh, outcome: ShardedOutcome, fresh: ReadonlyMap<string, number>): void {
    const failed = new Set(outcome.failures.flatMap((failure) => failure.items.map(itemKey)));
    for (const item of refresh.items) {
      const key = itemKey(item);
      const whole = outcome.warnings.length === 0 || (fresh.get(key) ?? 0) >= item.seriesCount;
      if (!whole || failed.has(key)) continue;
      this.#fetched.set(key, { until: refresh.atSeconds, window: this.#windowOf(item) });
    }
  }

  #forget(atSeconds: number): void {
    const windowStartMs = (atSeconds - this.#longestWindow) * 1_000;
    const remembered = Math.max(this.#options.rememberSeconds, this.#longestWindow);
    const rememberMs = (atSeconds - remembered) * 1_000;
    for (const { key, ring } of this.#series.values()) {
      const { newestMs } = ring;
      // Those that still bring samples have forgotten the old ones as the new ones came.
      if (newestMs > windowStartMs) continue;
      ring.forgetUntil(windowStartMs);
      if (!(newestMs > rememberMs)) this.#series.delete(key);
    }
    for (const [key, { until }] of this.#fetched) {
      if (until < atSeconds - this.#longestWindow) this.#fetched.delete(key);
    }
    if (this.#ignored.size > this.#series.size * 4 + 1_000) this.#ignored.clear();
  }
}

function itemKey({ label, value }: Pick<ShardItem, 'label' | 'value'>): string {
  return `${label}\0${value}`;
}

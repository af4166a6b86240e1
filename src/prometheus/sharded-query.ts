import type { PrometheusClient, Series } from './client.ts';
import { PrometheusError, concernsWholeServer, helpedBySmallerQuery } from './errors.ts';
import { anyOf } from './matcher.ts';
import { ShardQueue, type Shard, type ShardGroup, type ShardItem } from './sharding/shard-queue.ts';
import type { ShardSize } from './sharding/shard-size.ts';

export { ShardSize } from './sharding/shard-size.ts';
export type { Shard, ShardGroup, ShardItem } from './sharding/shard-queue.ts';

export interface ShardedQuery {
  readonly groups: readonly ShardGroup[];
  /** The query for one shard; `range` is `[12345ms]`, or empty for an instant vector. */
  readonly expression: (matcher: string, range: string) => string;
  /** Kept between queries of the same kind: it learns. */
  readonly size: ShardSize;
  readonly inFlight: number;
  readonly signal: AbortSignal;
  /** Told of each answer as it comes; shards of one item may come in any order of time. */
  readonly onSeries: (series: readonly Series[], shard: Shard) => void;
}

export interface ShardFailure {
  readonly error: PrometheusError;
  readonly items: readonly ShardItem[];
}

export interface ShardedOutcome {
  /** What was not delivered. Empty: everything was asked for and answered. */
  readonly failures: readonly ShardFailure[];
  /** Warnings of the answers, each once. */
  readonly warnings: readonly string[];
}

/** Then the server is slow as a whole, and smaller queries only prolong the wait. */
const mostTimeouts = 2;

/**
 * Asks for much in many small answers (about 1.2 MB each parse best, see controllers-measured 1.8), some at once.
 * A refused or late shard is halved; a failure that concerns the whole server ends the asking.
 * @throws only the reason of `signal`.
 */
export async function runSharded(
  client: PrometheusClient,
  sharded: ShardedQuery,
): Promise<ShardedOutcome> {
  const queue = new ShardQueue(sharded.groups, sharded.size);
  const failures: ShardFailure[] = [];
  const warnings = new Set<string>();
  let timeouts = 0;

  const fail = (error: PrometheusError, shard: Shard): void => {
    failures.push({ error, items: shard.items });
    for (const rest of queue.drain()) failures.push({ error, items: rest.items });
  };

  const settle = (error: unknown, shard: Shard): void => {
    sharded.signal.throwIfAborted();
    if (!(error instanceof PrometheusError)) throw error;
    if (error.code === 'timeout') timeouts += 1;
    if (concernsWholeServer(error.code) || timeouts >= mostTimeouts) {
      fail(error, shard);
      return;
    }
    if (helpedBySmallerQuery(error.code)) {
      const seriesCount = shard.items.reduce((sum, item) => sum + item.seriesCount, 0);
      const bytes = sharded.size.estimateBytes(seriesCount, shard.windowSeconds);
      sharded.size.refused(bytes, error.code !== 'timeout');
      if (queue.halve(shard)) return;
    }
    failures.push({ error, items: shard.items });
  };

  const work = async (): Promise<void> => {
    for (let shard = queue.take(); shard !== undefined; shard = queue.take()) {
      try {
        await askShard(client, sharded, shard, warnings);
      } catch (error) {
        settle(error, shard);
      }
    }
  };
  // A worker that finds the queue empty may leave while the last shard of another one is halved; that one takes the pieces.
  await Promise.all(Array.from({ length: Math.max(1, sharded.inFlight) }, work));
  return { failures, warnings: [...warnings] };
}

async function askShard(
  client: PrometheusClient,
  { expression, signal, size, onSeries }: ShardedQuery,
  shard: Shard,
  warnings: Set<string>,
): Promise<void> {
  const { items, atSeconds, windowSeconds } = shard;
  const [first] = items;
  if (first === undefined) return;
  const matcher = anyOf(
    first.label,
    items.map(({ value }) => value),
  );
  const range = windowSeconds === 0 ? '' : `[${Math.round(windowSeconds * 1_000)}ms]`;
  const result = await client.query(expression(matcher, range), {
    timeSeconds: atSeconds,
    signal,
  });
  for (const warning of result.warnings) warnings.add(warning);
  const samples = result.series.reduce((sum, { points }) => sum + points.length, 0);
  size.learn({ bytes: result.bytes, series: result.series.length, samples, windowSeconds });
  onSeries(result.series, shard);
}

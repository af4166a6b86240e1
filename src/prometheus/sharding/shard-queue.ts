import type { ShardSize } from './shard-size.ts';

/** All series whose label `label` has `value`: the smallest thing that a query asks for. */
export interface ShardItem {
  readonly label: string;
  readonly value: string;
  /** How many series that is, for the estimate. */
  readonly seriesCount: number;
  /** How much of the past is wanted; absent: the window of all. */
  readonly windowSeconds?: number;
}

/** Items that need the same stretch of time; `windowSeconds` 0 asks for an instant vector. */
export interface ShardGroup {
  readonly items: readonly ShardItem[];
  readonly atSeconds: number;
  readonly windowSeconds: number;
}

/** One query: items of one label, one stretch of time ending at `atSeconds`. */
export type Shard = ShardGroup;

/** Shards not asked for yet. They are cut as they are taken, so that what was learned from one answer sizes the next. */
export class ShardQueue {
  readonly #size: ShardSize;
  readonly #groups: ShardGroup[];
  readonly #pieces: Shard[] = [];

  constructor(groups: readonly ShardGroup[], size: ShardSize) {
    this.#size = size;
    this.#groups = groups.flatMap(byLabel);
  }

  take(): Shard | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) return piece;
    const group = this.#groups[0];
    if (group === undefined) return undefined;
    const count = this.#fitting(group);
    const items = group.items.slice(0, count);
    if (count === group.items.length) this.#groups.shift();
    else this.#groups[0] = { ...group, items: group.items.slice(count) };
    return { ...group, items };
  }

  /** Puts a refused shard back as two halves: of its items, else of its time. False when it cannot be halved. */
  halve(shard: Shard): boolean {
    const { items, atSeconds, windowSeconds } = shard;
    if (items.length > 1) {
      const middle = Math.ceil(items.length / 2);
      this.#pieces.unshift(
        { ...shard, items: items.slice(0, middle) },
        { ...shard, items: items.slice(middle) },
      );
      return true;
    }
    const half = Math.ceil((windowSeconds * 1_000) / 2) / 1_000;
    if (half < 2) return false;
    this.#pieces.unshift(
      { items, atSeconds: atSeconds - half, windowSeconds: windowSeconds - half },
      { items, atSeconds, windowSeconds: half },
    );
    return true;
  }

  /** Everything left, for the account of what is missing. */
  drain(): Shard[] {
    return [...this.#pieces.splice(0), ...this.#groups.splice(0)];
  }

  #fitting({ items, windowSeconds }: ShardGroup): number {
    let bytes = 0;
    let count = 0;
    for (const { seriesCount } of items) {
      bytes += this.#size.estimateBytes(seriesCount, windowSeconds);
      if (count > 0 && bytes > this.#size.targetBytes) break;
      count += 1;
    }
    return count;
  }
}

function byLabel(group: ShardGroup): ShardGroup[] {
  const labels = new Map<string, ShardItem[]>();
  for (const item of group.items) {
    const items = labels.get(item.label);
    if (items === undefined) labels.set(item.label, [item]);
    else items.push(item);
  }
  return [...labels.values()].map((items) => ({ ...group, items }));
}

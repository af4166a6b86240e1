/** What a node should say, waiting to be sent. A newer one takes the place of an older. */
export interface WriteOrder {
  readonly node: string;
  readonly uid: string;
  /** All our keys; what has to be sent is found out at the last moment, from what the node says then. */
  readonly wanted: Readonly<Record<string, string>>;
  /** Told once it is written, with the node's annotations before. */
  readonly onWritten?: () => void;
}

export interface Waiting {
  order: WriteOrder;
  /** Monotonic, ms: not to be sent earlier. */
  notBeforeMs: number;
  attempts: number;
}

/** Orders by node, first come first served among those whose time has come. At most one per node. */
export interface PendingWrites {
  put(order: WriteOrder): void;
  /** Puts one back after a failure, unless there is a newer one, which then inherits its waiting time. */
  putBack(waiting: Waiting): void;
  drop(node: string): void;
  /** Drops the orders of nodes that do not exist any more. */
  retain(nodes: Pick<ReadonlySet<string>, 'has'>): void;
  /** The next that may be sent; null: none is due. */
  take(nowMs: number, isBlocked: (node: string) => boolean): Waiting | null;
  /** Milliseconds until the next one is due; null: there is none. */
  nextDueMs(nowMs: number): number | null;
  size(): number;
  clear(): void;
}

export function createPendingWrites(): PendingWrites {
  const byNode = new Map<string, Waiting>();
  return {
    put: (order) => {
      const waiting = byNode.get(order.node);
      if (waiting === undefined) byNode.set(order.node, { order, notBeforeMs: 0, attempts: 0 });
      else waiting.order = order;
    },
    putBack: (failed) => {
      const newer = byNode.get(failed.order.node);
      if (newer === undefined) byNode.set(failed.order.node, failed);
      else {
        newer.notBeforeMs = Math.max(newer.notBeforeMs, failed.notBeforeMs);
        newer.attempts = failed.attempts;
      }
    },
    drop: (node) => {
      byNode.delete(node);
    },
    retain: (nodes) => {
      for (const node of byNode.keys()) {
        if (!nodes.has(node)) byNode.delete(node);
      }
    },
    take: (nowMs, isBlocked) => {
      for (const [node, waiting] of byNode) {
        if (waiting.notBeforeMs > nowMs || isBlocked(node)) continue;
        byNode.delete(node);
        return waiting;
      }
      return null;
    },
    nextDueMs: (nowMs) => {
      let due: number | null = null;
      for (const { notBeforeMs } of byNode.values()) {
        due = Math.min(due ?? Infinity, Math.max(0, notBeforeMs - nowMs));
      }
      return due;
    },
    size: () => byNode.size,
    clear: () => byNode.clear(),
  };
}

import type { Clock } from '../../lib/clock.ts';

/**
 * What to do about nodes that may not be written (403). One refused node is tried once a minute; when several are refused in a row, with no success
 * between them, the right is missing as a whole, and one request per minute finds out whether it has been given.
 */
export interface Refusals {
  /** `missesRight`: the server says that our role lacks the verb, not that a policy objects to this node. */
  refused(node: string, missesRight: boolean): void;
  allowed(node: string): void;
  /** The node is gone, needs nothing, or was answered otherwise: its refusal says nothing any more. */
  forget(node: string): void;
  /** Forgets nodes that do not exist; `writable`: how many there are of which something may be to be said. */
  retain(nodes: Pick<ReadonlySet<string>, 'has'>, writable: number): void;
  /** Milliseconds until this node may be tried; 0: now. */
  waitMs(node: string): number;
  /** Nodes that were refused and not written since. */
  count(): number;
  /** True: not a few nodes but writing as such is refused. */
  isGeneral(): boolean;
}

const againMs = 60_000;
const isGeneralFrom = 3;
/** A right that was there so lately is not missing: roles may name single nodes. */
const provedMs = 5 * 60_000;

export function createRefusals(clock: Clock): Refusals {
  const until = new Map<string, number>();
  /** Refused since the last success. */
  const inARow = new Set<string>();
  let allUntilMs = -Infinity;
  let allowedMs = -Infinity;
  let missesRight = false;
  let writableNodes = Infinity;

  const forget = (node: string): void => {
    until.delete(node);
    inARow.delete(node);
  };

  return {
    refused: (node, isRight) => {
      const untilMs = clock.monotonicMs() + againMs;
      until.set(node, untilMs);
      inARow.add(node);
      missesRight = isRight;
      if (inARow.size >= isGeneralFrom) allUntilMs = untilMs;
    },
    allowed: (node) => {
      until.delete(node);
      // The right as a whole is there again; whoever is still refused will say so.
      if (inARow.size >= isGeneralFrom) until.clear();
      inARow.clear();
      allUntilMs = -Infinity;
      allowedMs = clock.monotonicMs();
    },
    forget,
    retain: (nodes, writable) => {
      writableNodes = writable;
      for (const node of until.keys()) {
        if (!nodes.has(node)) forget(node);
      }
    },
    waitMs: (node) =>
      Math.max(0, Math.max(until.get(node) ?? -Infinity, allUntilMs) - clock.monotonicMs()),
    count: () => until.size,
    isGeneral: () => {
      if (until.size === 0) return false;
      if (inARow.size >= Math.max(1, Math.min(isGeneralFrom, writableNodes))) return true;
      return missesRight && clock.monotonicMs() - allowedMs > provedMs;
    },
  };
}

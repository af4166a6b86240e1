import type { Clock } from '../../lib/clock.ts';

/**
 * What to do about nodes that may not be written (403). One refused node is tried once a minute; when several are refused in a row, with no success
 * between them, the right is missing as a whole, and one request per minute finds out whether it has been given.
 */
export interface Refusals {
  refused(node: string): void;
  allowed(node: string): void;
  /** Milliseconds until this node may be tried; 0: now. */
  waitMs(node: string): number;
  /** Nodes that were refused and not written since. */
  count(): number;
}

const againMs = 60_000;
const isGeneralFrom = 3;

export function createRefusals(clock: Clock): Refusals {
  const until = new Map<string, number>();
  let allUntilMs = -Infinity;
  return {
    refused: (node) => {
      const untilMs = clock.monotonicMs() + againMs;
      until.set(node, untilMs);
      if (until.size >= isGeneralFrom) allUntilMs = untilMs;
    },
    allowed: (node) => {
      until.delete(node);
      // The right as a whole is there again; whoever is still refused will say so.
      if (until.size + 1 >= isGeneralFrom) until.clear();
      allUntilMs = -Infinity;
    },
    waitMs: (node) =>
      Math.max(0, Math.max(until.get(node) ?? -Infinity, allUntilMs) - clock.monotonicMs()),
    count: () => until.size,
  };
}

import { labelsOfKey } from '../../prometheus/series-key.ts';
import type { ChannelTag } from './channel-windows.ts';
import type { Cut } from './merge-series.ts';
import { combinePods, podOf } from './pods.ts';
import { originOf } from './roster.ts';

/** The samples of one series within a window. */
export interface TaggedCut extends Cut {
  readonly tag: ChannelTag;
}

/**
 * Series of one GPU by the pages that they were read from: lines of one page have the times of the same scrapes.
 * Other targets, and replicas of Prometheus, scrape at times of their own.
 */
export function pagesOf(cuts: readonly TaggedCut[]): TaggedCut[][] {
  if (isOneLineEach(cuts)) return [[...cuts]];
  const pages = [...Map.groupBy(cuts, ({ key }) => originOf(labelsOfKey(key))).values()];
  return pages.flatMap(byCommonTimes);
}

/** The usual GPU, for which nothing has to be looked at twice. */
function isOneLineEach(cuts: readonly TaggedCut[]): boolean {
  const seen = new Set<string>();
  for (const { tag } of cuts) {
    const line = `${tag.channel}${tag.standIn === true ? '+' : ''}`;
    if (tag.part !== undefined || seen.has(line)) return false;
    seen.add(line);
  }
  return true;
}

/** Series that have a time in common belong together, and so do those that have one in common with the same third. */
function byCommonTimes(cuts: readonly TaggedCut[]): TaggedCut[][] {
  const parents = cuts.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root] ?? root;
    return root;
  };
  const firstAt = new Map<number, number>();
  for (const [at, { timesMs }] of cuts.entries()) {
    for (const timeMs of timesMs) {
      const first = firstAt.get(timeMs);
      if (first === undefined) firstAt.set(timeMs, at);
      else parents[rootOf(at)] = rootOf(first);
    }
  }
  return [...Map.groupBy(cuts, (_cut, at) => rootOf(at)).values()];
}

/** Whether the lines of a page differ from pod to pod where they would be equal if they were the device's. */
export function isToldPerPod(cuts: readonly TaggedCut[]): boolean {
  const byChannel = Map.groupBy(
    cuts.filter(({ tag }) => tag.perPod === true),
    ({ tag }) => tag.channel,
  );
  return [...byChannel.values()].some((lines) => lines.length > 1 && differ(lines));
}

function differ(lines: readonly TaggedCut[]): boolean {
  const known = new Map<number, number>();
  for (const { timesMs, values } of lines) {
    for (const [at, timeMs] of timesMs.entries()) {
      const value = values[at] ?? Number.NaN;
      if ((known.get(timeMs) ?? value) !== value) return true;
      known.set(timeMs, value);
    }
  }
  return false;
}

/** The lines of one page for one channel as one series. */
export function combineLines(lines: readonly TaggedCut[], perPod: boolean, most: number): Cut {
  const [first, ...others] = lines;
  if (first === undefined) throw new Error('a page without lines has no channel');
  if (others.length === 0) return first;
  const told = new Map<number, (readonly [string, number])[]>();
  for (const { key, timesMs, values } of lines) {
    const pod = podOf(labelsOfKey(key));
    for (const [at, timeMs] of timesMs.entries()) {
      const line = [pod, values[at] ?? Number.NaN] as const;
      const known = told.get(timeMs);
      if (known === undefined) told.set(timeMs, [line]);
      else known.push(line);
    }
  }
  const timesMs = Float64Array.from(told.keys()).sort();
  const sums = perPod && first.tag.perPod === true;
  const values = timesMs.map((timeMs) => Math.min(most, combinePods(told.get(timeMs) ?? [], sums)));
  const key = lines.map((line) => line.key).sort()[0] ?? first.key;
  return { key, timesMs, values };
}

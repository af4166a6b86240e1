import type { SeriesRing } from '../../prometheus/series-ring.ts';

/** Samples of one channel of one GPU. */
export interface MergedSeries {
  /** Unix milliseconds, ascending. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** Several series told about the same time, and one was preferred. */
  readonly ambiguous: boolean;
}

export interface Candidate {
  /** Identity of the series: decides where everything else is equal. */
  readonly key: string;
  readonly ring: SeriesRing;
}

/** The samples of a candidate within the window. */
export interface Cut {
  readonly key: string;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/**
 * One series per GPU and channel, of any number: labels of pods come and go, so a GPU's history is often in pieces that follow each other;
 * replicas and shared GPUs give several at once. The best (most samples, then newest, then by its labels) is taken whole,
 * the others only fill its gaps. The same for every order of candidates.
 */
export function mergeSeries(
  candidates: readonly Candidate[],
  fromMs: number,
  untilMs: number,
): MergedSeries | null {
  return mergeCuts(candidates.map(({ key, ring }) => ({ key, ...ring.between(fromMs, untilMs) })));
}

export function mergeCuts(all: readonly Cut[]): MergedSeries | null {
  const cuts = all.filter(({ timesMs }) => timesMs.length > 0);
  const [first] = cuts;
  if (first === undefined) return null;
  if (cuts.length === 1) return { ...first, ambiguous: false };
  cuts.sort(better);
  let merged: MergedSeries | null = null;
  for (const cut of cuts)
    merged = merged === null ? { ...cut, ambiguous: false } : fill(merged, cut);
  return merged;
}

/** Where neither series is long enough to tell. */
const shortestSpacingMs = 1_000;

function better(a: Cut, b: Cut): number {
  const newest = (cut: Cut): number => cut.timesMs.at(-1) ?? -Infinity;
  return b.timesMs.length - a.timesMs.length || newest(b) - newest(a) || (a.key < b.key ? -1 : 1);
}

function fill(base: MergedSeries, other: Cut): MergedSeries {
  const spacings = [base, other].map(({ timesMs }) => medianSpacingMs(timesMs));
  const spacing = spacings.find((one) => Number.isFinite(one)) ?? shortestSpacingMs;
  // More than half a spacing: between two samples of a whole series there is then no room for a third.
  const nearMs = 0.75 * spacing;
  const timesMs: number[] = [];
  const values: number[] = [];
  let ambiguous = base.ambiguous;
  let at = 0;
  const takeBaseUntil = (untilMs: number): void => {
    for (; at < base.timesMs.length && (base.timesMs[at] ?? Infinity) <= untilMs; at += 1) {
      timesMs.push(base.timesMs[at] ?? Number.NaN);
      values.push(base.values[at] ?? Number.NaN);
    }
  };
  for (const [position, timeMs] of other.timesMs.entries()) {
    takeBaseUntil(timeMs);
    const before = base.timesMs[at - 1] ?? -Infinity;
    const after = base.timesMs[at] ?? Infinity;
    if (timeMs - before < nearMs || after - timeMs < nearMs) {
      ambiguous = true;
      continue;
    }
    timesMs.push(timeMs);
    values.push(other.values[position] ?? Number.NaN);
  }
  takeBaseUntil(Infinity);
  return { timesMs: Float64Array.from(timesMs), values: Float64Array.from(values), ambiguous };
}

/** Median time between neighbours: the interval of scrapes, whatever was configured. NaN below two samples. */
export function medianSpacingMs(timesMs: Float64Array): number {
  if (timesMs.length < 2) return Number.NaN;
  const spacings = new Float64Array(timesMs.length - 1);
  for (let at = 1; at < timesMs.length; at += 1) {
    spacings[at - 1] = (timesMs[at] ?? 0) - (timesMs[at - 1] ?? 0);
  }
  spacings.sort();
  return spacings[spacings.length >> 1] ?? Number.NaN;
}

/** What was counted under one name. */
export interface Score {
  /** Hits, or the sum of the figures. */
  sum: number;
  total: number;
  /** The same for the Alnair rule on the identical windows; NaN where it says nothing of the kind. */
  alnair: number;
  /** The single figures, where a median is wanted. */
  values?: number[];
}

/** Counts of any part of the evaluation by name. Plain data, so that workers can send it; adding up does not depend on the order. */
export interface Scores {
  readonly counts: Record<string, Score>;
  /** Each wrong answer in words, for people. */
  readonly misses: Miss[];
}

export interface Miss {
  readonly row: string;
  readonly text: string;
}

export function emptyScores(): Scores {
  return { counts: {}, misses: [] };
}

/** Counts one case. `alnair` is left out where the rule has no such answer. */
export function count(
  scores: Scores,
  name: string,
  ours: number | boolean,
  alnair: number | boolean = Number.NaN,
): void {
  const score = (scores.counts[name] ??= { sum: 0, total: 0, alnair: 0 });
  score.sum += Number(ours);
  score.total += 1;
  score.alnair += Number(alnair);
}

/** Keeps a figure for a median. */
export function keep(scores: Scores, name: string, value: number): void {
  count(scores, name, value);
  (scores.counts[name]!.values ??= []).push(value);
}

export function mergeScores(into: Scores, more: Scores): void {
  into.misses.push(...more.misses);
  for (const [name, score] of Object.entries(more.counts)) {
    const there = into.counts[name];
    if (there === undefined) {
      into.counts[name] = structuredClone(score);
      continue;
    }
    there.sum += score.sum;
    there.total += score.total;
    there.alnair += score.alnair;
    if (score.values !== undefined) (there.values ??= []).push(...score.values);
  }
}

/** All scores whose name begins so, added up; null where there is none. */
export function pooled(scores: Scores, prefix: string): Score | null {
  let all: Score | null = null;
  for (const [name, { sum, total, alnair, values }] of Object.entries(scores.counts)) {
    if (!name.startsWith(prefix)) continue;
    all ??= { sum: 0, total: 0, alnair: 0 };
    all.sum += sum;
    all.total += total;
    all.alnair += alnair;
    if (values !== undefined) all.values = [...(all.values ?? []), ...values];
  }
  return all;
}

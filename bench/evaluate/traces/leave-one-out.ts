import type { Score, Scores } from '../rows/scores.ts';

/** Accuracies of each combination of thresholds, by source. A source is a repository: its recordings are not independent of each other. */
export type BySource = ReadonlyMap<string, readonly Readonly<Record<string, Score>>[]>;

const prefix = 'grid/';

/** Name under which the accuracy of one trace with one combination is counted. */
export function gridName(index: number, row: string, source: string): string {
  return `${prefix}${index}/${row}/${source}`;
}

export function readGrid({ counts }: Scores): BySource {
  const bySource = new Map<string, Record<string, Score>[]>();
  for (const [name, score] of Object.entries(counts)) {
    if (!name.startsWith(prefix)) continue;
    const [index = '', row = '', ...source] = name.slice(prefix.length).split('/');
    const key = source.join('/');
    const combinations = bySource.get(key) ?? [];
    bySource.set(key, combinations);
    (combinations[Number(index)] ??= {})[row] = score;
  }
  return bySource;
}

/**
 * The combination with the highest mean of all rows over these sources. The first, which is argued for, stays unless another is better, and in two sources at least:
 * what helps one source only is chance.
 */
export function choose(bySource: BySource, without?: string): number {
  const sources = [...bySource].filter(([name]) => name !== without).map(([, scores]) => scores);
  const size = sources[0]?.length ?? 0;
  let best = 0;
  for (let index = 1; index < size; index++) {
    const helped = sources.filter((scores) => meanOf(scores[index]!) > meanOf(scores[0]!));
    if (helped.length < 2) continue;
    if (pooledMean(sources, index) > pooledMean(sources, best) + 1e-9) best = index;
  }
  return best;
}

/** The row when each source is scored with what was chosen on all others. */
export function leaveOneOut(bySource: BySource, row: string): Score | undefined {
  const scores = [...bySource].flatMap(
    ([source, combinations]) => combinations[choose(bySource, source)]?.[row] ?? [],
  );
  return scores.length === 0 ? undefined : added(scores);
}

function meanOf(scores: Readonly<Record<string, Score>>): number {
  const { sum, total } = added(Object.values(scores));
  return sum / total;
}

/** Mean of the means of the rows, each over all traces. */
function pooledMean(
  sources: readonly (readonly Readonly<Record<string, Score>>[])[],
  index: number,
): number {
  const rows = new Set(sources.flatMap((scores) => Object.keys(scores[index]!)));
  const means = [...rows].map((row) => {
    const { sum, total } = added(sources.flatMap((scores) => scores[index]![row] ?? []));
    return sum / total;
  });
  return means.reduce((all, mean) => all + mean, 0) / means.length;
}

function added(scores: readonly Score[]): Score {
  const all: Score = { sum: 0, total: 0, alnair: Number.NaN };
  for (const { sum, total } of scores) {
    all.sum += sum;
    all.total += total;
  }
  return all;
}

/** The levels of each factor, by the factor's name. */
export type Factors = Readonly<Record<string, readonly string[]>>;
export type Row = Readonly<Record<string, string>>;

/**
 * Rows in which every two levels of two different factors stand together at least once: nearly all faults of combined
 * settings need no more than two of them. Greedy: each row starts from a pair that is still missing and takes for every
 * other factor the level that completes the most missing pairs. Deterministic.
 */
export function pairwise(factors: Factors): readonly Row[] {
  const names = Object.keys(factors);
  const missing = new Set(
    names.flatMap((a, at) =>
      names
        .slice(at + 1)
        .flatMap((b) =>
          (factors[a] ?? []).flatMap((x) => (factors[b] ?? []).map((y) => pairOf(a, x, b, y))),
        ),
    ),
  );
  const rows: Row[] = [];
  for (let [next] = missing; next !== undefined; [next] = missing) {
    const row: Record<string, string> = Object.fromEntries(JSON.parse(next) as [string, string][]);
    for (const name of names) {
      if (name in row) continue;
      row[name] = bestLevel(name, factors[name] ?? [], row, missing);
    }
    for (const pair of pairsOf(row)) missing.delete(pair);
    rows.push(row);
  }
  return rows;
}

function bestLevel(
  name: string,
  levels: readonly string[],
  row: Row,
  missing: ReadonlySet<string>,
): string {
  const gain = (level: string): number =>
    Object.entries(row).filter(([other, taken]) => missing.has(pairOf(name, level, other, taken)))
      .length;
  const [best = ''] = levels.toSorted((a, b) => gain(b) - gain(a));
  return best;
}

export function pairsOf(row: Row): readonly string[] {
  const entries = Object.entries(row);
  return entries.flatMap(([a, x], at) => entries.slice(at + 1).map(([b, y]) => pairOf(a, x, b, y)));
}

/** The same text whichever of the two is named first. */
export function pairOf(a: string, x: string, b: string, y: string): string {
  return JSON.stringify(
    a < b
      ? [
          [a, x],
          [b, y],
        ]
      : [
          [b, y],
          [a, x],
        ],
  );
}

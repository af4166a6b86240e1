/** The candidate that was probably meant, null when none is near. */
export function nearestOf(word: string, candidates: Iterable<string>): string | null {
  const normal = normalise(word);
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(normal.length / 4)) + 1;
  for (const candidate of candidates) {
    const found = normalise(candidate);
    // `listen-address` for `web.listen-address`: the end of the name is what people remember.
    const distance =
      normal.length > 3 && found.endsWith(`-${normal}`) ? 1 : editDistance(normal, found);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean "x"?`, or the fallback when nothing is near. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  fallback?: string,
): string | undefined {
  const nearest = nearestOf(word, candidates);
  return nearest === null ? fallback : `Did you mean ${nearest}?`;
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/^--?/, '').replaceAll(/[._]/g, '-');
}

/** Levenshtein distance: insertions, deletions and substitutions of one character each. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const insertion = (current[column - 1] ?? 0) + 1;
      const deletion = (previous[column] ?? 0) + 1;
      current.push(Math.min(substitution, insertion, deletion));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Characters that no label value of Prometheus holds in practice. */
const afterName = '\u0001';
const afterValue = '\u0002';

/** All labels in one order, as one text. The server sends labels in one order, but look-alikes need not. */
export function seriesKey(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels);
  let sorted = true;
  for (let at = 1; at < names.length && sorted; at += 1) {
    sorted = (names[at - 1] ?? '') < (names[at] ?? '');
  }
  if (!sorted) names.sort();
  // Joined, not added up: a sum of strings is kept as a tree of its parts, four times the size.
  const pairs = names.map((name) => `${name}${afterName}${labels[name]}${afterValue}`);
  return pairs.join('');
}

/** The labels that a key was made of, for the rare question: labels themselves are not kept. */
export function labelsOfKey(key: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const pair of key.split(afterValue)) {
    const end = pair.indexOf(afterName);
    if (end > 0) labels[pair.slice(0, end)] = pair.slice(end + 1);
  }
  return labels;
}

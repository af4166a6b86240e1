/** A label matcher that allows exactly these values; an empty value means: the label is absent. */
export function anyOf(label: string, values: readonly string[]): string {
  const [first] = values;
  if (first === undefined) throw new RangeError(`no value for label ${label}`);
  if (values.length === 1) return `${label}=${quoted(first)}`;
  // An alternation of literals is what Prometheus turns into index look-ups instead of running a regular expression.
  return `${label}=~${quoted(values.map(literal).join('|'))}`;
}

/** A string literal of the query language. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Text as an RE2 expression that matches nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
}

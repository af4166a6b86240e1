/** Tells whether a name fits one of the patterns, in which `*` stands for any characters, none included. Capital letters count. */
export function namePatterns(patterns: readonly string[]): (name: string) => boolean {
  const split = patterns.map((pattern) => pattern.split('*'));
  return (name) => split.some((pieces) => isComposedOf(name, pieces));
}

/** Whether `text` begins with the first piece, ends with the last, and holds the others between them in their order. */
function isComposedOf(text: string, pieces: readonly string[]): boolean {
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    // The earliest place leaves the most room for those that follow, so nothing has to be tried again.
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/**
 * Tells whether a resource is one of GPUs, by names in which `*` stands for any characters, a slash included: `nvidia.com/*`.
 * Capital letters count, as in Kubernetes.
 */
export function resourceFilter(patterns: readonly string[]): (resource: string) => boolean {
  const split = patterns.map((pattern) => pattern.split('*'));
  return (resource) => split.some((pieces) => isComposedOf(resource, pieces));
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

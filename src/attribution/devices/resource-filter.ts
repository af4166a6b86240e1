/**
 * Tells whether a resource is one of GPUs, by names in which `*` stands for any characters, a slash included: `nvidia.com/*`.
 * Capital letters count, as in Kubernetes.
 */
export function resourceFilter(patterns: readonly string[]): (resource: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const literal = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
    return new RegExp(`^${literal.replaceAll('*', '.*')}$`);
  });
  return (resource) => expressions.some((expression) => expression.test(resource));
}

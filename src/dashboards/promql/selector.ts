/** A selector: name and matchers. */
export function select(
  metric: string,
  ...matchers: readonly (readonly string[] | string)[]
): string {
  const all = matchers.flat();
  return all.length === 0 ? metric : `${metric}{${all.join(',')}}`;
}

/** Matchers of the pages, by what their variables hold. */
export const inCluster = ['cluster=~"$cluster"'] as const;
export const onNode = ['cluster=~"$cluster"', 'node=~"$node"'] as const;
export const onGpu = ['cluster=~"$cluster"', 'node=~"$node"', 'gpu=~"$gpu"'] as const;
export const ofPod = ['cluster=~"$cluster"', 'namespace=~"$namespace"', 'pod=~"$pod"'] as const;

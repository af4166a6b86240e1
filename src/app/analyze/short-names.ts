/** What recordings are called where they stand together: the names of their files, with as much of the folders as tells them apart. */
export function shortNames(sources: readonly string[]): ReadonlyMap<string, string> {
  const all = [...new Set(sources)];
  const names = new Map(all.map((source) => [source, lastParts(source, 1)]));
  const deepest = Math.max(1, ...all.map((source) => partsOf(source).length));
  for (let count = 2; count <= deepest; count++) {
    const taken = Map.groupBy(all, (source) => names.get(source));
    for (const source of all) {
      if ((taken.get(names.get(source))?.length ?? 0) > 1)
        names.set(source, lastParts(source, count));
    }
  }
  return names;
}

/** The name of one file without its folders; an address stays whole. */
export function baseName(source: string): string {
  return lastParts(source, 1);
}

/** `GPU 0`; a name that says itself that it is one stays as it is. */
export function gpuName(gpu: string): string {
  return gpu === '' || /\bgpu\b/i.test(gpu) ? gpu : `GPU ${gpu}`;
}

function lastParts(source: string, count: number): string {
  return isAddress(source) ? source : partsOf(source).slice(-count).join('/');
}

function partsOf(source: string): string[] {
  return source.split(/[/\\]/);
}

function isAddress(source: string): boolean {
  return /^https?:/.test(source);
}

/** The keys that are ours: these four shapes and nothing else under the domain, which others share. */
export const domain = 'ai.centaurus.io';
export const profileKey = `${domain}/gpu-profile`;
export const staticKey = `${domain}/gpu-static`;

const perGpu = /^ai\.centaurus\.io\/GPU-(0|[1-9]\d{0,4})-(job-type|mem-util-max)$/;

export function jobTypeKey(index: number): string {
  return `${domain}/GPU-${index}-job-type`;
}

export function memUtilMaxKey(index: number): string {
  return `${domain}/GPU-${index}-mem-util-max`;
}

export function isOurKey(key: string): boolean {
  return key === profileKey || key === staticKey || perGpu.test(key);
}

/** The GPU index in a key, null where it has none. */
export function indexInKey(key: string): number | null {
  const index = perGpu.exec(key)?.[1];
  return index === undefined ? null : Number(index);
}

/** Our annotations out of all of a node. */
export function ourAnnotations(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => isOurKey(key)));
}

/** The keys that we may write: these four shapes and the record of what we wrote. Nothing else under the domain, which others share. */
export const domain = 'ai.centaurus.io';
export const profileKey = `${domain}/gpu-profile`;
export const staticKey = `${domain}/gpu-static`;
/** Names the keys on the node that are ours; see ownership.ts. */
export const ownedKey = `${domain}/gpu-profiler-owned`;

const perGpu = /^ai\.centaurus\.io\/GPU-(0|[1-9]\d{0,4})-(job-type|mem-util-max)$/;

export function jobTypeKey(index: number): string {
  return `${domain}/GPU-${index}-job-type`;
}

export function memUtilMaxKey(index: number): string {
  return `${domain}/GPU-${index}-mem-util-max`;
}

/** True for a key that says something about GPUs, in the form that we write. Whether we did write it is for ownership.ts to say. */
export function isValueKey(key: string): boolean {
  return key === profileKey || key === staticKey || perGpu.test(key);
}

/** True for every key that we may ever write. */
export function isOurKey(key: string): boolean {
  return key === ownedKey || isValueKey(key);
}

export function isJobTypeKey(key: string): boolean {
  return perGpu.exec(key)?.[2] === 'job-type';
}

/** The GPU index in a key, null where it has none. */
export function indexInKey(key: string): number | null {
  const index = perGpu.exec(key)?.[1];
  return index === undefined ? null : Number(index);
}

/** Annotations in our form out of all of a node. */
export function ourAnnotations(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => isOurKey(key)));
}

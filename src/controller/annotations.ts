import { jobTypeOf } from '../analysis/job-type.ts';
import type { JobType } from '../analysis/verdict.ts';
import { indexInKey, jobTypeKey, memUtilMaxKey, profileKey, staticKey } from './annotation-keys.ts';
import {
  freshEntry,
  settle,
  unknownEntry,
  type ProfileEntry,
} from './annotations/profile-entry.ts';
import { instanceEntries } from './annotations/instance-entry.ts';
import { parseProfile, profileText } from './annotations/profile.ts';
import { staticText } from './annotations/static-facts.ts';
import type { AbsentGpu, GpuFacts } from './gpu-facts.ts';

export interface RenderOptions {
  /** How long what was written stays while nothing trustworthy comes. Default 15 min. */
  readonly ttlMs?: number;
  /** GPUs that `previous` speaks of and `gpus` lacks. Those not listed are forgotten at once. */
  readonly absent?: readonly AbsentGpu[];
  /** False: not all GPUs of the node may be here, so nothing is counted. Default true. */
  readonly complete?: boolean;
}

const mostAheadMs = 60_000;

type Annotations = Readonly<Record<string, string>>;

/**
 * What the annotations of a node should say: all keys that are ours, complete; a key of ours that is missing here is to be removed.
 * `previous`: what they say now. Where nothing has changed beyond noise the values are those of `previous`, byte by byte.
 */
export function renderAnnotations(
  gpus: readonly GpuFacts[],
  previous: Annotations,
  nowMs: number,
  options: RenderOptions = {},
): Record<string, string> {
  const { ttlMs = 15 * 60_000, absent = [], complete = true } = options;
  const known = knownBefore(previous);
  const patience = { nowMs, ttlMs };
  const entries = new Map<number, ProfileEntry>();
  addSeen(entries, gpus, known, patience);
  // What is only remembered makes room for what is seen: an index may have gone to another GPU.
  addHeld(entries, gpus, known, patience);
  addAbsent(entries, absent, known, patience);
  const ordered = [...entries.values()].sort((a, b) => a.i - b.i);
  const loose = looseKeys([...gpus, ...absent], entries, known, previous, patience);
  const isSpokenOf = ordered.length > 0 || Object.keys(loose).length > 0;
  return {
    ...perGpuKeys(ordered),
    ...loose,
    ...profilePart(ordered, previous[profileKey], nowMs),
    ...(isSpokenOf ? staticPart(complete ? gpus : [], ordered, previous) : {}),
  };
}

export function isDecisive<Facts extends Pick<GpuFacts, 'verdict'>>(
  gpu: Facts,
): gpu is Facts & { readonly verdict: NonNullable<Facts['verdict']> } {
  const pattern = gpu.verdict?.pattern;
  return pattern !== undefined && pattern !== 'insufficient' && pattern !== 'unknown';
}

/** The job type that goes with an entry. */
export function jobTypeOfEntry(entry: ProfileEntry): JobType {
  const { pattern, tentative = false } = entry;
  return jobTypeOf({ pattern, tentative }) ?? 'Unknown';
}

interface Patience {
  readonly nowMs: number;
  readonly ttlMs: number;
}

interface Known {
  readonly entries: ReadonlyMap<string, ProfileEntry>;
  readonly asOfMs: number | null;
  /** Indexes that have a key but no entry: somebody deleted or broke the profile. */
  readonly loose: ReadonlySet<number>;
}

function knownBefore(previous: Annotations): Known {
  const { entries, asOfMs } = parseProfile(previous[profileKey]);
  const indexes = new Set(entries.map(({ i }) => i));
  const loose = Object.keys(previous)
    .map(indexInKey)
    .filter((index) => index !== null && !indexes.has(index));
  return {
    entries: new Map(entries.map((entry) => [entry.uuid, entry])),
    asOfMs,
    loose: new Set(loose as number[]),
  };
}

function addSeen(
  entries: Map<number, ProfileEntry>,
  gpus: readonly GpuFacts[],
  known: Known,
  patience: Patience,
): void {
  const ageMs = ageOf(known.asOfMs, patience.nowMs);
  for (const gpu of gpus) {
    if (!isDecisive(gpu)) continue;
    const before = known.entries.get(gpu.uuid);
    const settled = settle(before, freshEntry(gpu, gpu.verdict), ageMs);
    entries.set(gpu.index, withInstances(settled, gpu, before, { ...patience, ageMs }));
  }
}

/** What is dated in the future counts as old: the clock of who wrote it was ahead, and it would not be settled before. */
function ageOf(asOfMs: number | null, nowMs: number): number {
  if (asOfMs === null || asOfMs - nowMs > mostAheadMs) return Number.POSITIVE_INFINITY;
  return nowMs - asOfMs;
}

/** `settled` with its GPU instances as they are now. */
function withInstances(
  { instances: _before, ...settled }: ProfileEntry,
  gpu: GpuFacts,
  before: ProfileEntry | undefined,
  patience: Parameters<typeof instanceEntries>[2],
): ProfileEntry {
  const instances = instanceEntries(gpu.instances ?? [], before?.instances ?? [], patience);
  return instances.length === 0 ? settled : { ...settled, instances };
}

/** GPUs that report nothing to go by: what was said of one stays until the TTL. One that nothing was ever said of stays unmentioned. */
function addHeld(
  entries: Map<number, ProfileEntry>,
  gpus: readonly GpuFacts[],
  known: Known,
  patience: Patience,
): void {
  for (const gpu of gpus) {
    if (isDecisive(gpu) || entries.has(gpu.index)) continue;
    const before = known.entries.get(gpu.uuid);
    if (before === undefined && !known.loose.has(gpu.index)) continue;
    const expired = isExpired(gpu.trustedMs, patience);
    if (expired) entries.set(gpu.index, unknownEntry(gpu, before, patience.nowMs));
    else if (before !== undefined) entries.set(gpu.index, { ...before, i: gpu.index });
  }
}

function addAbsent(
  entries: Map<number, ProfileEntry>,
  absent: readonly AbsentGpu[],
  known: Known,
  patience: Patience,
): void {
  for (const gpu of absent) {
    if (entries.has(gpu.index)) continue;
    const before = known.entries.get(gpu.uuid);
    const expired = isExpired(gpu.trustedMs, patience);
    if (!expired && before !== undefined) entries.set(gpu.index, before);
    if (expired && !gpu.gone) {
      entries.set(gpu.index, unknownEntry(gpu, before, patience.nowMs));
    }
  }
}

function isExpired(trustedMs: number | null, { nowMs, ttlMs }: Patience): boolean {
  return trustedMs !== null && nowMs - trustedMs > ttlMs;
}

function perGpuKeys(entries: readonly ProfileEntry[]): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const entry of entries) {
    const jobType = jobTypeOfEntry(entry);
    keys[jobTypeKey(entry.i)] = jobType;
    if (jobType === 'DLT' && entry.memUtilMax !== undefined) {
      keys[memUtilMaxKey(entry.i)] = String(entry.memUtilMax);
    }
  }
  return keys;
}

/** Keys whose entry in the profile is lost stay, too, while there is nothing better to say and the TTL has not passed. */
function looseKeys(
  gpus: readonly Pick<GpuFacts, 'index' | 'trustedMs'>[],
  entries: ReadonlyMap<number, ProfileEntry>,
  known: Known,
  previous: Annotations,
  patience: Patience,
): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const { index, trustedMs } of gpus) {
    if (entries.has(index) || !known.loose.has(index) || isExpired(trustedMs, patience)) continue;
    for (const key of [jobTypeKey(index), memUtilMaxKey(index)]) {
      const value = previous[key];
      if (value !== undefined) keys[key] = value;
    }
  }
  return keys;
}

function profilePart(
  entries: readonly ProfileEntry[],
  previous: string | undefined,
  nowMs: number,
): Record<string, string> {
  if (entries.length === 0) return {};
  const { asOfMs, entries: before } = parseProfile(previous);
  const same =
    previous !== undefined && asOfMs !== null && JSON.stringify(before) === JSON.stringify(entries);
  return { [profileKey]: same ? previous : profileText(entries, nowMs) };
}

/** Written when every GPU that is spoken of reports, so that a count is never half of the truth. */
function staticPart(
  gpus: readonly GpuFacts[],
  entries: readonly ProfileEntry[],
  previous: Annotations,
): Record<string, string> {
  const before = previous[staticKey];
  const byIndex = new Map<number, GpuFacts>();
  for (const gpu of gpus) {
    const spokenOf = entries.find(({ i }) => i === gpu.index);
    // Of two GPUs that were known by one index the one that is spoken of counts.
    if (!byIndex.has(gpu.index) || spokenOf?.uuid === gpu.uuid) byIndex.set(gpu.index, gpu);
  }
  const counted = [...byIndex.values()].sort((a, b) => a.index - b.index);
  const uuids = new Set(counted.map(({ uuid }) => uuid));
  const complete =
    entries.length > 0 && counted.length > 0 && entries.every(({ uuid }) => uuids.has(uuid));
  if (complete) return { [staticKey]: staticText(counted, before) };
  return before === undefined ? {} : { [staticKey]: before };
}

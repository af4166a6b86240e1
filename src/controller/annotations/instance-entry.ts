import { jobTypeOf } from '../../analysis/job-type.ts';
import type { JobType } from '../../analysis/verdict.ts';
import type { InstanceFacts } from '../gpu-facts.ts';
import { patternPart, settle, timeText, type ProfileEntry } from './profile-entry.ts';

/** One GPU instance (a part of a GPU in MIG mode) in the entry of its GPU. The order of the fields is the order in the text. */
export interface InstanceEntry extends Omit<
  ProfileEntry,
  'i' | 'uuid' | 'simulated' | 'instances'
> {
  /** The driver's number of the GPU instance. */
  readonly gi: number;
  /** Such as `3g.20gb`. */
  readonly profile?: string;
  /** As the key GPU-<i>-job-type says it of a GPU; instances have no keys of their own. */
  readonly jobType: JobType;
}

export interface InstancePatience {
  readonly nowMs: number;
  readonly ttlMs: number;
  /** Since the last write. */
  readonly ageMs: number;
}

/** The instances of a GPU as they should be written: each settles for itself, and one about which nothing trustworthy comes stays as it was until the TTL. */
export function instanceEntries(
  instances: readonly InstanceFacts[],
  before: readonly InstanceEntry[],
  patience: InstancePatience,
): InstanceEntry[] {
  return instances.flatMap((instance) => {
    const known = before.find(
      ({ gi, profile = '' }) => gi === instance.gpuInstanceId && profile === instance.profile,
    );
    const fresh = freshInstance(instance);
    if (fresh !== null) return [settle(known, fresh, patience.ageMs)];
    if (known === undefined) return [];
    const { trustedMs } = instance;
    const expired = trustedMs !== null && patience.nowMs - trustedMs > patience.ttlMs;
    return [expired ? unknownInstance(known, patience.nowMs) : known];
  });
}

function freshInstance({ gpuInstanceId, profile, verdict }: InstanceFacts): InstanceEntry | null {
  if (verdict === null || verdict.pattern === 'insufficient' || verdict.pattern === 'unknown') {
    return null;
  }
  const { pattern, ...numbers } = patternPart(verdict);
  return {
    gi: gpuInstanceId,
    ...(profile === '' ? {} : { profile }),
    pattern,
    jobType: jobTypeOf(verdict) ?? 'Unknown',
    ...numbers,
    since: timeText(verdict.sinceSeconds * 1_000),
  };
}

function unknownInstance(
  { gi, profile, pattern, since }: InstanceEntry,
  nowMs: number,
): InstanceEntry {
  return {
    gi,
    ...(profile === undefined ? {} : { profile }),
    pattern: 'unknown',
    jobType: 'Unknown',
    since: pattern === 'unknown' ? since : timeText(nowMs),
  };
}

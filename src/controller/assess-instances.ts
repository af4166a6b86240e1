import { gpuSlices, profileSlices } from '../lib/mig-profile.ts';
import type { InstanceEntry } from './annotations/instance-entry.ts';
import type { ProfileEntry } from './annotations/profile-entry.ts';
import { assessGpu, type AssessOptions, type WrittenBefore } from './assess.ts';
import type { InstanceFacts } from './gpu-facts.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuObservation } from './usage-source.ts';

export interface InstanceAssessOptions extends AssessOptions {
  /** What is remembered of a GPU instance, by a key of its own beside the UUID of its GPU. */
  readonly memoryOf: (key: string) => GpuMemory;
  /** When data of it were last trusted, as FleetMemory says it. */
  readonly trustedMsOf: (key: string) => number;
  readonly ttlMs: number;
}

/** As assessGpu for each GPU instance of a GPU in MIG mode. One that was written and is not told of now counts as there until the TTL, unless the layout has changed. */
export async function assessInstances(
  gpu: GpuObservation,
  before: WrittenBefore,
  options: InstanceAssessOptions,
): Promise<InstanceFacts[]> {
  const facts: InstanceFacts[] = [];
  const written = before.entry?.instances ?? [];
  for (const instance of gpu.instances ?? []) {
    const { gpuInstanceId, profile } = instance;
    const known = written.find((one) => isSame(one, gpuInstanceId, profile));
    const { verdict, trustedMs } = await assessGpu(
      { ...gpu, ...instance },
      options.memoryOf(memoryKey(gpu.uuid, gpuInstanceId, profile)),
      { ...before, entry: known === undefined ? undefined : asEntry(known, gpu) },
      options,
    );
    facts.push({ gpuInstanceId, profile, verdict, trustedMs });
  }
  return [...facts, ...silent(gpu, facts, written, options)].sort(
    (a, b) => a.gpuInstanceId - b.gpuInstanceId,
  );
}

function silent(
  gpu: GpuObservation,
  present: readonly InstanceFacts[],
  written: readonly InstanceEntry[],
  { trustedMsOf, nowMs, ttlMs }: InstanceAssessOptions,
): InstanceFacts[] {
  const absent = written
    .filter(({ gi }) => present.every(({ gpuInstanceId }) => gpuInstanceId !== gi))
    .map(({ gi, profile = '' }) => ({
      gpuInstanceId: gi,
      profile,
      verdict: null,
      trustedMs: trustedMsOf(memoryKey(gpu.uuid, gi, profile)),
    }))
    .filter(({ trustedMs }) => nowMs - trustedMs <= ttlMs);
  const slices = [...present, ...absent].map(({ profile }) => profileSlices(profile) ?? 0);
  const fits = slices.reduce((sum, count) => sum + count, 0) <= gpuSlices(gpu.model ?? '', []);
  return fits ? absent : [];
}

function memoryKey(uuid: string, gpuInstanceId: number, profile: string): string {
  return `${uuid}/${gpuInstanceId} ${profile}`;
}

function isSame({ gi, profile = '' }: InstanceEntry, id: number, itsProfile: string): boolean {
  return gi === id && profile === itsProfile;
}

function asEntry(
  { gi: _gi, profile: _profile, jobType: _jobType, ...said }: InstanceEntry,
  { index, uuid }: GpuObservation,
): ProfileEntry {
  return { i: index, uuid, ...said };
}

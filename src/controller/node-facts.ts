import { parseProfile } from './annotations/profile.ts';
import { profileKey } from './annotation-keys.ts';
import { assessGpu, type AssessOptions } from './assess.ts';
import { mentionedGpus, type NodeFacts } from './decide.ts';
import { isFreshSample } from './freshness.ts';
import type { AbsentGpu, GpuFacts } from './gpu-facts.ts';
import type { FleetMemory } from './gpu-memory.ts';
import { ownedAnnotations } from './ownership.ts';
import type { FleetUsage } from './usage-source.ts';

export interface NodeNow {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Everything known about a node: what the data say, and for GPUs that our annotations mention but the data lack, since when. `fleet` null: nothing could be read. */
export async function nodeFacts(
  node: NodeNow,
  fleet: FleetUsage | null,
  memory: FleetMemory,
  options: AssessOptions,
): Promise<NodeFacts> {
  const ours = ownedAnnotations(node.annotations);
  const { entries, asOfMs } = parseProfile(ours[profileKey]);
  const written = new Map(entries.map((entry) => [entry.uuid, entry]));
  const gpus: GpuFacts[] = [];
  let reports = false;
  for (const gpu of fleet?.nodes.get(node.name)?.gpus ?? []) {
    const before = { entry: written.get(gpu.uuid), asOfMs };
    const facts = await assessGpu(gpu, memory.of(node.name, gpu.uuid), before, options);
    // Listed, but without a sample since we began to look: what was written of it runs out all the same.
    gpus.push({ ...facts, trustedMs: facts.trustedMs ?? memory.trustedMs(node.name, gpu.uuid) });
    reports ||=
      gpu.lastSampleMs !== null && isFreshSample(gpu.lastSampleMs, options.nowMs, options.freshMs);
  }
  const complete = fleet?.complete ?? false;
  const uuids = new Set(gpus.map(({ uuid }) => uuid));
  const indexes = new Set(gpus.map(({ index }) => index));
  const absent: AbsentGpu[] = mentionedGpus(ours)
    .filter(({ index, uuid }) => (uuid === '' ? !indexes.has(index) : !uuids.has(uuid)))
    .map(({ index, uuid }) => ({
      index,
      uuid,
      trustedMs: memory.trustedMs(node.name, uuid),
      gone: complete && reports,
    }));
  // Where nothing could be read, a GPU of which nothing is written yet is not gone.
  if (fleet !== null)
    memory.retainGpus(node.name, new Set([...uuids, ...absent.map(({ uuid }) => uuid)]));
  return { gpus, absent, complete };
}

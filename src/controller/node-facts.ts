import { parseProfile } from './annotations/profile.ts';
import { profileKey } from './annotation-keys.ts';
import { assessGpu, type AssessOptions } from './assess.ts';
import { assessInstances } from './assess-instances.ts';
import { mentionedGpus, type NodeFacts } from './decide.ts';
import { freshFor, isFreshSample } from './freshness.ts';
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
  options: AssessOptions & { readonly ttlMs: number },
): Promise<NodeFacts> {
  const ours = ownedAnnotations(node.annotations);
  const { entries, asOfMs } = parseProfile(ours[profileKey]);
  const written = new Map(entries.map((entry) => [entry.uuid, entry]));
  const gpus: GpuFacts[] = [];
  const instanceKeys = new Set<string>();
  let reports = false;
  for (const gpu of fleet?.nodes.get(node.name)?.gpus ?? []) {
    const before = { entry: written.get(gpu.uuid), asOfMs };
    const facts = await assessGpu(gpu, memory.of(node.name, gpu.uuid), before, options);
    const instances = await assessInstances(gpu, before, {
      ...options,
      memoryOf: (key) => memory.of(node.name, noted(instanceKeys, key)),
      trustedMsOf: (key) => memory.trustedMs(node.name, noted(instanceKeys, key)),
    });
    // Listed, but without a sample since we began to look: what was written of it runs out all the same.
    gpus.push({
      ...facts,
      trustedMs: facts.trustedMs ?? memory.trustedMs(node.name, gpu.uuid),
      ...(instances.length === 0 ? {} : { instances }),
    });
    reports ||=
      gpu.lastSampleMs !== null &&
      isFreshSample(gpu.lastSampleMs, options.nowMs, freshFor(gpu, options.freshMs));
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
  if (fleet !== null) {
    const known = [...uuids, ...instanceKeys, ...absent.map(({ uuid }) => uuid)];
    memory.retainGpus(node.name, new Set(known));
  }
  return { gpus, absent, complete };
}

function noted(keys: Set<string>, key: string): string {
  keys.add(key);
  return key;
}

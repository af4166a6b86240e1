import type { GpuHolders } from '../../attribution/gpu-holders.ts';
import { renderAnnotations } from '../../controller/annotations.ts';
import type { GpuFacts } from '../../controller/gpu-facts.ts';
import type { PublishedVerdict } from '../../analysis/verdict.ts';
import { unknownModel } from '../../gpu/source.ts';
import type { GpuHistory } from '../../sampling/gpu-record.ts';
import { verdictKey, type GpuSnapshot, type Snapshot } from '../../sampling/snapshot.ts';
import { gpuView, type GpuView } from './gpu-view.ts';

const bytesPerMiB = 1024 * 1024;

/** What standalone shows of one moment, and what the node of these GPUs would carry. */
export interface Observation {
  readonly gpus: readonly GpuView[];
  /** All keys of the node, gpu-profile and gpu-static included. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Keeps the annotations between two cycles, as a node does: what did not change beyond noise stays as it was. */
export class Observer {
  #annotations: Readonly<Record<string, string>> = {};

  /** After each round of analysis. */
  decide(snapshot: Snapshot, verdicts: ReadonlyMap<string, PublishedVerdict>): void {
    const facts = snapshot.gpus.map((gpu) => gpuFacts(gpu, verdicts, snapshot.source.simulated));
    this.#annotations = renderAnnotations(facts, this.#annotations, snapshot.timeMs);
  }

  observe(
    snapshot: Snapshot,
    verdicts: ReadonlyMap<string, PublishedVerdict>,
    holders: GpuHolders,
    history: (uuid: string) => GpuHistory | null,
  ): Observation {
    const gpus = snapshot.gpus.map((gpu) => {
      const { index, uuid } = gpu.device;
      const prefix = `ai.centaurus.io/GPU-${index}-`;
      const own = Object.entries(this.#annotations).filter(([key]) => key.startsWith(prefix));
      return gpuView(gpu, {
        verdict: verdicts.get(uuid) ?? null,
        annotations: Object.fromEntries(own),
        heldBy: namesOf(uuid, holders),
        history: history(uuid) ?? {},
        nowMs: snapshot.timeMs,
      });
    });
    return { gpus, annotations: this.#annotations };
  }
}

function namesOf(uuid: string, { byUuid, unmapped }: GpuHolders): readonly string[] | null {
  if (unmapped === null) return null;
  return (byUuid.get(uuid) ?? []).map(
    ({ namespace, pod, container }) => `${namespace}/${pod}/${container}`,
  );
}

function gpuFacts(
  { device, readings, lastReadMs, instances = [] }: GpuSnapshot,
  verdicts: ReadonlyMap<string, PublishedVerdict>,
  simulated: boolean,
): GpuFacts {
  const totalBytes = readings.memoryTotalBytes ?? device.memoryTotalBytes;
  return {
    index: device.index,
    uuid: device.uuid,
    model: device.model === unknownModel ? null : device.model,
    driverVersion: device.driverVersion ?? null,
    memoryTotalMiB: totalBytes === undefined ? null : totalBytes / bytesPerMiB,
    pcieGenerationMax: device.pcieGenerationMax ?? null,
    pcieWidthMax: device.pcieWidthMax ?? null,
    simulated,
    verdict: verdicts.get(device.uuid) ?? null,
    trustedMs: lastReadMs,
    instances: instances.map((one) => ({
      gpuInstanceId: one.device.instance.gpuInstanceId,
      profile: one.device.instance.profile ?? '',
      verdict: verdicts.get(verdictKey(one.device)) ?? null,
      trustedMs: one.lastReadMs,
    })),
  };
}

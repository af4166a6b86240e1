import type { TrackState } from '../analysis/stability.ts';
import type { PublishedVerdict, Verdict } from '../analysis/verdict.ts';

/** What is remembered of one GPU from cycle to cycle. */
export interface GpuMemory {
  track: TrackState | null;
  /** What the newest analysis said: a cycle that is known is recognised, which is cheaper than to search for it anew. */
  look: Verdict | null;
  /** Newest sample of the series that was analysed last, so that the same data are not analysed twice. */
  analysedMs: number | null;
  published: PublishedVerdict | null;
  /** The analysed window was decisive. */
  decisive: boolean;
  trustedMs: number | null;
}

/** Memory of all GPUs, by node and uuid. Everything in it can be rebuilt from the annotations and a few windows of data. */
export interface FleetMemory {
  of(node: string, uuid: string): GpuMemory;
  /** When data of a GPU were last trusted; for one not seen by this process: when it began to look, or what an earlier leader left. */
  trustedMs(node: string, uuid: string): number;
  /** Drops GPUs of a node that neither its data nor its annotations speak of any more. */
  retainGpus(node: string, uuids: ReadonlySet<string>): void;
  /** Drops nodes that do not exist any more. */
  retain(nodes: ReadonlySet<string>): void;
}

/** `baselineMs`: data are taken to have been trustworthy until then, where nothing else is known. */
export function createFleetMemory(baselineMs: number): FleetMemory {
  const nodes = new Map<string, Map<string, GpuMemory>>();
  return {
    of: (node, uuid) => {
      let gpus = nodes.get(node);
      if (gpus === undefined) nodes.set(node, (gpus = new Map()));
      let gpu = gpus.get(uuid);
      if (gpu === undefined) {
        gpu = {
          track: null,
          look: null,
          analysedMs: null,
          published: null,
          decisive: false,
          trustedMs: null,
        };
        gpus.set(uuid, gpu);
      }
      return gpu;
    },
    trustedMs: (node, uuid) => nodes.get(node)?.get(uuid)?.trustedMs ?? baselineMs,
    retainGpus: (node, uuids) => {
      for (const uuid of nodes.get(node)?.keys() ?? []) {
        if (!uuids.has(uuid)) nodes.get(node)?.delete(uuid);
      }
    },
    retain: (names) => {
      for (const name of nodes.keys()) {
        if (!names.has(name)) nodes.delete(name);
      }
    },
  };
}

/** A GPU that was seen, now or earlier. */
export interface KnownGpu {
  readonly node: string;
  readonly uuid: string;
  readonly index: number;
  /** Wall clock of its newest sample, ms; null when none was ever seen. */
  readonly lastSampleMs: number | null;
  /** When it was last listed by a target. */
  readonly seenMs: number;
}

export interface Forgetting {
  /** After this time a GPU is gone if its siblings on the node are still there: taken out, not silent. */
  readonly goneAfterMs: number;
  /** After this time it is gone in any case. */
  readonly forgetAfterMs: number;
}

/**
 * The GPUs of the fleet, also those whose exporter is silent now: "no data" must stay tellable from "no GPU".
 */
export class KnownGpus {
  readonly #forgetting: Forgetting;
  readonly #nodes = new Map<string, Map<string, KnownGpu>>();

  constructor(forgetting: Forgetting) {
    this.#forgetting = forgetting;
  }

  see(gpu: KnownGpu): void {
    let gpus = this.#nodes.get(gpu.node);
    if (gpus === undefined) {
      gpus = new Map();
      this.#nodes.set(gpu.node, gpus);
    }
    const before = gpus.get(gpu.uuid)?.lastSampleMs ?? null;
    const newest = Math.max(before ?? -Infinity, gpu.lastSampleMs ?? -Infinity);
    gpus.set(gpu.uuid, { ...gpu, lastSampleMs: Number.isFinite(newest) ? newest : null });
  }

  find(node: string, uuid: string): KnownGpu | undefined {
    return this.#nodes.get(node)?.get(uuid);
  }

  nodes(): Iterable<string> {
    return this.#nodes.keys();
  }

  /** In the order of the index, then of the UUID. */
  of(node: string): KnownGpu[] {
    return [...(this.#nodes.get(node)?.values() ?? [])].sort(
      (a, b) => a.index - b.index || (a.uuid < b.uuid ? -1 : 1),
    );
  }

  /** Drops what is gone: silent too long, or absent while siblings are there, or its index is another GPU's now. */
  forget(nowMs: number): void {
    const { goneAfterMs, forgetAfterMs } = this.#forgetting;
    for (const [node, gpus] of this.#nodes) {
      const latestMs = Math.max(...[...gpus.values()].map(({ seenMs }) => seenMs));
      const held = new Set(
        [...gpus.values()].filter(({ seenMs }) => seenMs === latestMs).map(({ index }) => index),
      );
      for (const [uuid, { index, seenMs }] of gpus) {
        const replaced = seenMs < latestMs && held.has(index);
        const taken = latestMs - seenMs > goneAfterMs;
        if (replaced || taken || nowMs - seenMs > forgetAfterMs) gpus.delete(uuid);
      }
      if (gpus.size === 0) this.#nodes.delete(node);
    }
  }
}

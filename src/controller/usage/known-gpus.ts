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

  get count(): number {
    return [...this.#nodes.values()].reduce((sum, gpus) => sum + gpus.size, 0);
  }

  /** Drops nodes that do not exist any more, whatever the data say. */
  retainNodes(names: Pick<ReadonlySet<string>, 'has'>): void {
    for (const node of this.#nodes.keys()) {
      if (!names.has(node)) this.#nodes.delete(node);
    }
  }

  /**
   * For pictures that are never complete, which show nobody's absence: drops what was in none of them for so long while others were. By the newest that was
   * seen, not by the clock: where nothing can be read, nothing is forgotten.
   */
  forgetUnseen(): void {
    let newestMs = -Infinity;
    for (const gpus of this.#nodes.values()) newestMs = Math.max(newestMs, latestOf(gpus));
    for (const [node, gpus] of this.#nodes) {
      for (const [uuid, { seenMs }] of gpus) {
        if (newestMs - seenMs > this.#forgetting.forgetAfterMs) gpus.delete(uuid);
      }
      if (gpus.size === 0) this.#nodes.delete(node);
    }
  }

  /** Drops what is gone: silent too long, or absent while siblings are there, or its index is another GPU's now. */
  forget(nowMs: number): void {
    const { goneAfterMs, forgetAfterMs } = this.#forgetting;
    for (const [node, gpus] of this.#nodes) {
      const latestMs = latestOf(gpus);
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

function latestOf(gpus: ReadonlyMap<string, KnownGpu>): number {
  return Math.max(...[...gpus.values()].map(({ seenMs }) => seenMs));
}

import { readTiers, type GpuSource, type ReadTier } from '../gpu/source.ts';

/**
 * When each tier is due next, on a monotonic clock. Intervals of a randomised tier are drawn from [0.5, 1.5] times the mean,
 * so that a workload in step with the sampling cannot hide (no aliasing).
 */
export class TierSchedule {
  readonly #cadence: GpuSource['cadence'];
  readonly #random: () => number;
  readonly #dueMs = new Map<ReadTier, number>();

  constructor(cadence: GpuSource['cadence'], random: () => number) {
    this.#cadence = cadence;
    this.#random = random;
  }

  /** The tier that is due first and when; null when no tier is read by itself. A tier never read is due at once, in their order. */
  next(): { readonly tier: ReadTier; readonly dueMs: number } | null {
    const cadence = this.#cadence();
    let first: { tier: ReadTier; dueMs: number } | null = null;
    for (const tier of readTiers) {
      if (cadence[tier] === null) continue;
      const dueMs = this.#dueMs.get(tier) ?? Number.NEGATIVE_INFINITY;
      if (first === null || dueMs < first.dueMs) first = { tier, dueMs };
    }
    return first;
  }

  /** A read of `tier` that began at `startedMs` has ended. */
  done(tier: ReadTier, startedMs: number): void {
    const cadence = this.#cadence()[tier];
    if (cadence === null) return;
    const factor = cadence.randomised ? 0.5 + this.#random() : 1;
    this.#dueMs.set(tier, startedMs + cadence.meanMs * factor);
  }

  /** Mean interval of the tier that is read most often, ms: how soon something is heard of a GPU that can be read. */
  shortestMeanMs(): number {
    const means = Object.values(this.#cadence()).flatMap((cadence) => cadence?.meanMs ?? []);
    return means.length === 0 ? 0 : Math.min(...means);
  }

  /** Longest usual time between two samples of utilisation, ms, with room for reads that come late. */
  sampleSpacingMs(): number {
    const { usage } = this.#cadence();
    return Math.max(3 * (usage?.meanMs ?? 0), usage?.sampleSpacingMs ?? 0);
  }
}

/** What has been said of a GPU for so long without a break is settled. */
const settledMs = 120_000;
/** A settled GPU is looked at this often; the controller takes verdicts of up to two minutes. */
const restMs = 30_000;

interface Looks {
  /** When the looks began to agree with what is said; null: the last one did not. */
  readonly agreedSinceMs: number | null;
  readonly lookedMs: number;
}

/**
 * When to analyse which GPU: in every round while its verdict is young or in doubt, less often once it has settled,
 * for on most nodes most of the time nothing changes. Times are of a monotonic clock.
 */
export class AnalysisPace {
  readonly #intervalMs: number;
  readonly #looks = new Map<string, Looks>();

  /** `intervalMs`: between two rounds. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  isDue(uuid: string, nowMs: number): boolean {
    const looks = this.#looks.get(uuid);
    if (looks === undefined || looks.agreedSinceMs === null) return true;
    if (nowMs - looks.agreedSinceMs < settledMs) return true;
    // Rounds are never exactly on time; half of one is neither early nor late.
    return nowMs - looks.lookedMs >= restMs - this.#intervalMs / 2;
  }

  /** After an analysis; `agrees`: it found what is said already. */
  looked(uuid: string, nowMs: number, agrees: boolean): void {
    const before = this.#looks.get(uuid)?.agreedSinceMs ?? null;
    this.#looks.set(uuid, { agreedSinceMs: agrees ? (before ?? nowMs) : null, lookedMs: nowMs });
  }

  /** Forgets those that are not there any more. */
  retain(uuids: ReadonlySet<string>): void {
    for (const uuid of this.#looks.keys()) if (!uuids.has(uuid)) this.#looks.delete(uuid);
  }

  /** A GPU that is down begins anew when it is back. */
  forget(uuid: string): void {
    this.#looks.delete(uuid);
  }
}

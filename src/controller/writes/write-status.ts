/** Counts and state of writing, for metrics and readiness. */
export interface WriteStatus {
  /** By outcome: written, unchanged (nothing to send any more), gone, replaced, or the code of the error. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly retriesTotal: number;
  readonly waiting: number;
  readonly inFlight: number;
  readonly limit: number;
  /** Nodes that may not be written (403). */
  readonly refusedNodes: number;
  /** Why; null: all may. `isGeneral`: it is writing as such that is refused, not a few nodes. */
  readonly refusal: {
    readonly detail: string;
    readonly hint: string | undefined;
    readonly isGeneral: boolean;
  } | null;
}

export interface WriteCounts {
  readonly outcomes: Record<string, number>;
  retries: number;
}

export function createWriteCounts(): WriteCounts {
  return { outcomes: {}, retries: 0 };
}

export function countOutcome(counts: WriteCounts, outcome: string): void {
  counts.outcomes[outcome] = (counts.outcomes[outcome] ?? 0) + 1;
}

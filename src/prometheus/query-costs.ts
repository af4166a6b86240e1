import type { PrometheusErrorCode } from './errors.ts';

export type QueryOutcome = 'ok' | 'aborted' | PrometheusErrorCode;

/** Totals since the start, for the process' own metrics. */
export interface QueryCost {
  readonly requests: number;
  /** Of answers, decompressed. */
  readonly bytes: number;
  readonly seconds: number;
}

export interface QueryCosts {
  readonly byOutcome: Readonly<Partial<Record<QueryOutcome, QueryCost>>>;
  /** Answers with warnings, that is, doubtful completeness. */
  readonly partialAnswers: number;
}

/** Counts what the queries cost, by how they ended. */
export class QueryMeter {
  readonly #byOutcome = new Map<
    QueryOutcome,
    { requests: number; bytes: number; seconds: number }
  >();
  #partialAnswers = 0;

  count(outcome: QueryOutcome, bytes: number, seconds: number): void {
    const cost = this.#byOutcome.get(outcome) ?? { requests: 0, bytes: 0, seconds: 0 };
    cost.requests += 1;
    cost.bytes += bytes;
    cost.seconds += seconds;
    this.#byOutcome.set(outcome, cost);
  }

  countPartial(): void {
    this.#partialAnswers += 1;
  }

  read(): QueryCosts {
    const byOutcome: Partial<Record<QueryOutcome, QueryCost>> = {};
    for (const [outcome, cost] of this.#byOutcome) byOutcome[outcome] = { ...cost };
    return { byOutcome, partialAnswers: this.#partialAnswers };
  }
}

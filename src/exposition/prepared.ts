import type { OpenGzip } from './open-gzip.ts';

/** All of an answer but its end, which is made at the scrape. */
export interface PreparedBody {
  readonly plain: Buffer;
  /** Null: nobody asked for it lately. */
  readonly gzip: OpenGzip | null;
  /** Wall clock of the newest read in it; null before the first. */
  readonly lastReadMs: number | null;
}

/** What was asked for lately, so that only that is prepared. */
export class Demand {
  readonly #lastAskedMs = new Map<string, number>();
  readonly #keepMs: number;

  /** `keepMs`: how long a request counts; longer than a scrape interval. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  asked(what: string, monotonicMs: number): void {
    this.#lastAskedMs.set(what, monotonicMs);
  }

  wants(what: string, monotonicMs: number): boolean {
    const lastMs = this.#lastAskedMs.get(what);
    return lastMs !== undefined && monotonicMs - lastMs <= this.#keepMs;
  }
}

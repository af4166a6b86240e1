import { setImmediate as nextTurn } from 'node:timers/promises';

/** Gives the event loop a turn whenever a stretch of work has taken `sliceMs`, so that a scrape never waits for the whole. */
export class Slices {
  readonly #sliceMs: number;
  readonly #monotonicMs: () => number;
  #startedMs: number;

  constructor(sliceMs: number, monotonicMs: () => number) {
    this.#sliceMs = sliceMs;
    this.#monotonicMs = monotonicMs;
    this.#startedMs = monotonicMs();
  }

  /** To be awaited between two small pieces of work. */
  async breathe(): Promise<void> {
    if (this.#monotonicMs() - this.#startedMs < this.#sliceMs) return;
    await nextTurn();
    this.#startedMs = this.#monotonicMs();
  }
}

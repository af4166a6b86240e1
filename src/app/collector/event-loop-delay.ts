import type { Clock } from '../../lib/clock.ts';

const probeMs = 100;

/**
 * Longest delay of the event loop. A timer ten times a second is enough to see what a scrape would have waited, and cheaper
 * than Node's own histogram.
 */
export class EventLoopDelay {
  readonly #clock: Clock;
  #maxMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedMs = this.#clock.monotonicMs();
      await this.#clock.sleep(probeMs, signal);
      this.#maxMs = Math.max(this.#maxMs, this.#clock.monotonicMs() - startedMs - probeMs);
    }
  }

  /** The longest since the last call, ms. */
  takeMaxMs(): number {
    const maxMs = this.#maxMs;
    this.#maxMs = 0;
    return Math.max(0, maxMs);
  }
}

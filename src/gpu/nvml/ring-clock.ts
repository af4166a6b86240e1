/** How long an observation counts, ms: a wall clock set forward is followed after this. */
const windowMs = 60_000;

/**
 * Wall-clock times of the stamps of one sample ring.
 *
 * The driver stamps samples with a CPU clock in microseconds of unknown origin (the Unix epoch on most machines, the boot on some), so only
 * differences can be trusted. At each drain the newest sample is at least 0 and usually less than one sampling period old, hence
 * (now - newest stamp) is the wanted offset plus that age: the smallest seen within the last minute is the estimate. It tightens quickly
 * (error about period / number of drains), follows a wall clock set back at once and one set forward within a minute.
 */
export class RingClock {
  readonly #observed: { atMs: number; offsetMs: number }[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;

  /** To be told of each drain that brought something. `monotonicMs` ages observations, `nowMs` is the wall clock. */
  observe(newestStampUs: number, nowMs: number, monotonicMs: number): void {
    const offsetMs = nowMs - newestStampUs / 1000;
    // A queue of rising offsets: its head is the minimum of the window.
    while (this.#observed.length > 0 && (this.#observed.at(-1)?.offsetMs ?? 0) >= offsetMs) {
      this.#observed.pop();
    }
    this.#observed.push({ atMs: monotonicMs, offsetMs });
    while ((this.#observed[0]?.atMs ?? monotonicMs) < monotonicMs - windowMs) {
      this.#observed.shift();
    }
  }

  /** Wall clock of a stamp, ms; never before one already given out, so that a series keeps its order when the estimate moves. */
  timeOf(stampUs: number): number {
    return this.inOrder(stampUs / 1000 + (this.#observed[0]?.offsetMs ?? 0));
  }

  /** The same for a value that was read now rather than drained. */
  inOrder(timeMs: number): number {
    // A large step back is the wall clock itself having been set back, which must not freeze the series.
    const isStep = timeMs < this.#lastMs - 2000;
    this.#lastMs = isStep ? timeMs : Math.max(timeMs, this.#lastMs + 1);
    return this.#lastMs;
  }
}

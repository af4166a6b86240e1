import type { SourceError } from '../gpu/source.ts';
import type { SourceStatus } from './snapshot.ts';

/** How the source has been doing: what the loop tells it, it turns into the status of a snapshot. */
export class SourceHealth {
  readonly #requested: string;
  #kind: SourceStatus['kind'] = null;
  #simulated = false;
  #driverVersion: string | null = null;
  #reason = 'opening';
  #detail = 'the GPU source is being opened';
  #lastSuccessMs: number | null = null;
  #readsTotal = 0;
  #readFailuresTotal = 0;
  #lastReadDurationMs: number | null = null;
  /** Monotonic start of the call that has not returned; null when none is under way. */
  #callStartedMs: number | null = null;
  #hungAfterMs = Infinity;

  constructor(requested: string) {
    this.#requested = requested;
  }

  /** `hungAfterMs`: when it has not returned for so long it counts as hung. */
  callStarted(monotonicMs: number, hungAfterMs: number): void {
    this.#callStartedMs = monotonicMs;
    this.#hungAfterMs = hungAfterMs;
  }

  opened(kind: SourceStatus['kind'], simulated: boolean, driverVersion: string | null): void {
    this.#callStartedMs = null;
    this.#kind = kind;
    this.#simulated = simulated;
    this.#driverVersion = driverVersion;
    this.#reason = '';
    this.#detail = '';
  }

  readDone(nowMs: number, durationMs: number): void {
    this.#callStartedMs = null;
    this.#readsTotal += 1;
    this.#lastSuccessMs = nowMs;
    this.#lastReadDurationMs = durationMs;
    this.#reason = '';
    this.#detail = '';
  }

  failed(error: SourceError, duringRead: boolean): void {
    this.#callStartedMs = null;
    if (duringRead) this.#readsTotal += 1;
    this.#readFailuresTotal += 1;
    this.#reason = error.code;
    this.#detail = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
  }

  status(monotonicMs: number): SourceStatus {
    const hungMs = this.#callStartedMs === null ? 0 : monotonicMs - this.#callStartedMs;
    const hung = hungMs > this.#hungAfterMs;
    const reason = hung ? 'read_hung' : this.#reason;
    return Object.freeze({
      requested: this.#requested,
      kind: this.#kind,
      simulated: this.#simulated,
      up: reason === '',
      reason,
      detail: hung
        ? `a call of the GPU driver has not returned for ${Math.round(hungMs / 1_000)} s; nothing is read until it does`
        : this.#detail,
      driverVersion: this.#driverVersion,
      lastSuccessMs: this.#lastSuccessMs,
      readsTotal: this.#readsTotal,
      readFailuresTotal: this.#readFailuresTotal,
      lastReadDurationMs: this.#lastReadDurationMs,
    });
  }
}

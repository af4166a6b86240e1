import type { GpuView } from './gpu-view.ts';
import type { UsageState } from './usage-state.ts';

/** A stretch of time in which one thing was said about a GPU. */
export interface StateSpan {
  readonly state: UsageState;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface StateHistoryLimits {
  readonly keptMs: number;
  /** A GPU that flaps would fill the memory otherwise; the oldest go. */
  readonly spansPerGpu: number;
}

/** A silence longer than this is a hole in the history and no state of the GPU, ms. */
const silenceMs = 15_000;

/** What was said about each GPU over the last day, for the bands of the page; forgotten with the process. */
export class StateHistory {
  readonly #limits: StateHistoryLimits;
  readonly #spans = new Map<string, StateSpan[]>();

  constructor(limits: StateHistoryLimits = { keptMs: 24 * 3_600_000, spansPerGpu: 2_000 }) {
    this.#limits = limits;
  }

  record(timeMs: number, gpus: readonly Pick<GpuView, 'uuid' | 'state'>[]): void {
    for (const { uuid, state } of gpus) this.#add(uuid, state, timeMs);
    for (const [uuid, spans] of this.#spans) {
      const kept = spans.filter(({ toMs }) => toMs > timeMs - this.#limits.keptMs);
      if (kept.length === 0) this.#spans.delete(uuid);
      else if (kept.length < spans.length) this.#spans.set(uuid, kept);
    }
  }

  /** Oldest first, cut at `sinceMs`; empty for a GPU that nothing is known of. */
  since(uuid: string, sinceMs: number): readonly StateSpan[] {
    return (this.#spans.get(uuid) ?? [])
      .filter(({ toMs }) => toMs > sinceMs)
      .map((span) => ({ ...span, fromMs: Math.max(span.fromMs, sinceMs) }));
  }

  #add(uuid: string, state: UsageState, timeMs: number): void {
    const spans = this.#spans.get(uuid) ?? [];
    this.#spans.set(uuid, spans);
    const last = spans.at(-1);
    // A clock set back: what lies ahead of it would never be passed again.
    if (last !== undefined && timeMs < last.toMs) {
      if (last.toMs - timeMs > silenceMs) spans.length = 0;
      else return;
    }
    const isNear = last !== undefined && spans.length > 0 && timeMs - last.toMs <= silenceMs;
    if (isNear && last.state === state) {
      spans[spans.length - 1] = { ...last, toMs: timeMs };
      return;
    }
    spans.push({ state, fromMs: isNear ? last.toMs : timeMs, toMs: timeMs });
    if (spans.length > this.#limits.spansPerGpu) spans.shift();
  }
}

/** The JSON that the server gives (src/app/standalone/api.ts builds it); fetched here and nowhere else. */

/** Of the verdict only what the words do not say already. */
export interface VerdictView {
  readonly sinceMs: number;
}

/** Readings of one moment; clocks and temperature are read more seldom than the rest. */
export interface MomentView {
  readonly timeMs: number;
  readonly utilPercent: number | null;
  readonly memoryUsedMiB: number | null;
  readonly powerWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly smClockMHz: number | null;
}

export interface WordsView {
  readonly headline: string;
  /** The headline with its note: `Repeats every 5.4 s (typical of …)`. */
  readonly full: string;
  readonly short: string;
  readonly explanation: string;
}

export interface GpuView {
  readonly index: number;
  readonly uuid: string;
  readonly model: string;
  readonly up: boolean;
  readonly reason: string;
  /** One of OverviewView.states. */
  readonly state: string;
  readonly words: WordsView;
  readonly moment: MomentView | null;
  /** The newest of each. */
  readonly utilPercent: number | null;
  readonly memoryUsedMiB: number | null;
  readonly memoryTotalMiB: number | null;
  readonly powerWatts: number | null;
  readonly powerLimitWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly smClockMHz: number | null;
  readonly processCount: number | null;
  /** `namespace/pod/container`; null: not known. */
  readonly heldBy: readonly string[] | null;
  readonly verdict: VerdictView | null;
  /** Key to value, as the node would carry them for this GPU. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A state that a GPU can be in, with the term for people. */
export interface StateView {
  readonly state: string;
  readonly term: string;
  readonly needsAttention: boolean;
}

export interface OverviewView {
  readonly timeMs: number;
  readonly node: string;
  readonly source: {
    readonly kind: string | null;
    readonly simulated: boolean;
    readonly up: boolean;
    readonly detail: string;
  };
  /** Most urgent first. */
  readonly states: readonly StateView[];
  readonly gpus: readonly GpuView[];
}

/** Bins of `stepSeconds`; null: no sample in the bin. `startSeconds` is the Unix time of the first bin. */
export interface HistoryView {
  readonly startSeconds: number;
  readonly stepSeconds: number;
  readonly gpus: Readonly<
    Record<
      string,
      {
        readonly util: readonly (number | null)[];
        readonly memUsedMiB: readonly (number | null)[];
        readonly powerWatts: readonly (number | null)[];
      }
    >
  >;
}

/** A stretch of time in which one thing was said. */
export interface SpanView {
  readonly state: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** By UUID, oldest first. */
export interface StatesView {
  readonly fromMs: number;
  readonly toMs: number;
  readonly gpus: Readonly<Record<string, readonly SpanView[]>>;
}

/** @throws {Error} saying in words what went wrong, for the reader of the page. */
export async function getJson<View>(path: string): Promise<View> {
  const response = await fetch(path, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`the server answered ${response.status} to ${path}`);
  return (await response.json()) as View;
}

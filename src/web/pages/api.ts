/** The JSON that the server gives (src/app/standalone/api.ts builds it); fetched here and nowhere else. */

export interface VerdictView {
  readonly pattern: string;
  readonly jobType: string;
  readonly tentative: boolean;
  readonly periodSeconds: number | null;
  /** Half width of the 95 % confidence interval; null: not known. */
  readonly periodMarginSeconds: number | null;
  /** Of a slower cycle on top; null: none seen. */
  readonly slowerPeriodSeconds: number | null;
  /** It repeats, but sampling cannot exclude that the period is an alias. */
  readonly periodUnresolved: boolean;
  /** What the samples show then: a faster cycle could look the same. */
  readonly apparentPeriodSeconds: number | null;
  readonly confidence: number;
  readonly sinceMs: number;
  readonly stall: boolean;
  readonly memUtilMaxPercent: number | null;
}

export interface GpuView {
  readonly index: number;
  readonly uuid: string;
  readonly model: string;
  readonly up: boolean;
  readonly reason: string;
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

export interface OverviewView {
  readonly timeMs: number;
  readonly node: string;
  readonly source: {
    readonly kind: string | null;
    readonly simulated: boolean;
    readonly up: boolean;
    readonly detail: string;
  };
  readonly gpus: readonly GpuView[];
}

/** Bins of one second; null: no sample in that second. `startSeconds` is the Unix time of the first bin. */
export interface HistoryView {
  readonly startSeconds: number;
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

/** @throws {Error} saying in words what went wrong, for the reader of the page. */
export async function getJson<View>(path: string): Promise<View> {
  const response = await fetch(path, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`the server answered ${response.status} to ${path}`);
  return (await response.json()) as View;
}

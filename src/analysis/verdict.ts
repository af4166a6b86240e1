/** What the analysis is given and what it says. Times are seconds on any common origin (usually the Unix epoch). */

export interface UsageSeries {
  /** Ascending, seconds. */
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
}

/** util, memCopy: percent 0-100; memUsed: MiB; power: W. */
export type UsageChannel = 'util' | 'memCopy' | 'memUsed' | 'power';

export interface GpuUsage {
  readonly channels: Readonly<Partial<Record<UsageChannel, UsageSeries>>>;
  readonly memoryTotalMiB?: number | undefined;
  readonly powerLimitWatts?: number | undefined;
  /**
   * native: sampled on the node at randomised intervals or from the driver's sample ring, so a period may be published where there are >= 4 samples in it;
   * scraped: point samples at regular intervals, so aliasing cannot be excluded (reference: aliasing guard): the pattern may be published, the period not.
   */
  readonly sampling: 'native' | 'scraped';
}

export const patterns = [
  'idle',
  'alloc-idle',
  'cyclic',
  'steady',
  'bursty',
  'transition',
  'others',
  'insufficient',
  'unknown',
] as const;
export type Pattern = (typeof patterns)[number];

export const jobTypes = ['DLT', 'Others', 'Empty', 'Unknown'] as const;
export type JobType = (typeof jobTypes)[number];

export interface Cycle {
  readonly periodSeconds: number;
  /** False: it repeats, but a faster cycle could look the same in these samples. The number is then apparent: shown with that doubt, and never as the period. */
  readonly publishable: boolean;
  /** Half width of the period's 95 % confidence interval, seconds; NaN when not known (fewer than three cycles matched, taken over from a publication without it). */
  readonly periodMarginSeconds: number;
  /** Of a slower cycle on top of this one, as of checkpoints on top of steps; at least four times the period. Null: none seen. As publishable as the period. */
  readonly slowerPeriodSeconds: number | null;
  /** Cycles seen in the window. */
  readonly cycles: number;
  /** Share of the period above the middle between low and high, 0-1; NaN when not known (taken over from a publication without it). */
  readonly dutyRatio: number;
  readonly channel: UsageChannel;
  /** Largest p over the two nulls, of the last full search. */
  readonly pValue: number;
  /** The last full search that found this cycle: since then it was only seen to go on (see recognise). Absent where it was taken over from a publication. */
  readonly searched?: { readonly ageSeconds: number; readonly contrast: number };
}

/** What one window says about one GPU. */
export interface Verdict {
  readonly pattern: Pattern;
  /** Cyclic with only 3-4 cycles seen. */
  readonly tentative: boolean;
  /** Only with pattern `cyclic`. */
  readonly cycle: Cycle | null;
  /** 0-1: how sure the pattern is. */
  readonly confidence: number;
  /** Length of the data that the pattern rests on, seconds. */
  readonly windowSeconds: number;
  readonly sampleCount: number;
  /** Time of the newest sample, seconds; NaN without samples. */
  readonly asOfSeconds: number;
  readonly memCopyMaxPercent: number | null;
  readonly memUsedMaxMiB: number | null;
  readonly utilMeanPercent: number | null;
  /** From the tenth to the ninetieth percentile of utilisation, points: how far a steady load is from flat. Absent: not told. */
  readonly utilSpreadPercent?: number | null;
  /** For the next two minutes: bound of memory, expected mean utilisation. */
  readonly nextMemUsedMaxMiB: number | null;
  readonly nextUtilMeanPercent: number | null;
  /** Full utilisation at low power: blocked in a collective. */
  readonly stall: boolean;
}

/** What is said in public after looking at several windows (see stability): the same shape plus since when. */
export interface PublishedVerdict extends Verdict {
  readonly jobType: JobType;
  /** When the pattern began to be said, seconds. */
  readonly sinceSeconds: number;
  /** Since when whoever says this has looked at the GPU without a break, seconds; more than its memory in the long run. Absent: not told. */
  readonly watchedSinceSeconds?: number;
}

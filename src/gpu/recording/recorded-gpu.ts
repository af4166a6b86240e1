import type { ChannelName } from '../source.ts';

/** Samples of one channel; both arrays have equal length, times ascend. Several channels may share one array of times. */
export interface RecordedSeries {
  /** In the time base of the GPU, see RecordedGpu. */
  readonly timesSeconds: Float64Array;
  /** percent, percent, MiB, W. */
  readonly values: Float64Array;
}

/** A time without samples of which the recording says why. */
export interface Interruption {
  /** lost: this GPU was gone; error: nvidia-smi failed altogether, or for a GPU that cannot be told from the others. */
  readonly kind: 'lost' | 'error';
  /** The last sample before it. */
  readonly fromSeconds: number;
  /** The first sample after it; null: none came. */
  readonly toSeconds: number | null;
  /** What the recording says. */
  readonly text: string;
}

/** What a recording tells about one GPU. */
export interface RecordedGpu {
  /** UUID, index or bus id: whatever the recording names it by; null where it names none. */
  readonly id: string | null;
  readonly model: string | null;
  /** seconds: from any start; unix: since 1970 (a time without a zone is taken as UTC). */
  readonly timeBase: 'seconds' | 'unix';
  readonly channels: Readonly<Partial<Record<ChannelName, RecordedSeries>>>;
  readonly memoryTotalMiB: number | null;
  readonly powerLimitWatts: number | null;
  readonly interruptions: readonly Interruption[];
}

/** Something about the recording that its reader should know: a line left out, an assumption. */
export interface ReadNote {
  /** Null: of the whole recording. */
  readonly line: number | null;
  readonly message: string;
}

export interface RecordedFile {
  readonly gpus: readonly RecordedGpu[];
  readonly notes: readonly ReadNote[];
}

/** How a recording is to be read where it does not say itself. */
export interface ReadOptions {
  /** Names of its columns, in order, as in a header; none: its header says. */
  readonly columns?: readonly string[] | undefined;
  /** Of dates such as 01/02/2026; null: not said. */
  readonly dateOrder?: DateOrder | null | undefined;
}

/** Day first, or month first. */
export type DateOrder = 'dmy' | 'mdy';

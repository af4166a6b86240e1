import type { UsageChannel } from './verdict.ts';

/**
 * What became of the search for a cycle in one channel of one window:
 * still: it moves too little; no-comb: its correlation has no comb that repeats; chance: series without a period reach as much;
 * ended: it cycled, but not at the end of the window; untested: a channel that cycles more clearly had decided already; cyclic: a cycle was found (the verdict names the channel that was taken);
 * fast: a cycle faster than its samples was found in the periodogram of samples at random times.
 */
export const channelOutcomes = [
  'still',
  'no-comb',
  'chance',
  'ended',
  'untested',
  'cyclic',
  'fast',
] as const;
export type ChannelOutcome = (typeof channelOutcomes)[number];

/** The arrays are the detector's own: to be read, not kept beyond the call without a copy. */
export interface ChannelEvidence {
  readonly channel: UsageChannel;
  readonly outcome: ChannelOutcome;
  /** The stretch that was looked at, seconds. */
  readonly startSeconds: number;
  readonly windowSeconds: number;
  /** Interval of the grid that the test saw, after averaging, seconds. */
  readonly stepSeconds: number;
  readonly samples: number;
  /** Autocorrelation at the lags 0, 1, 2 … x stepSeconds; null where it was not needed. */
  readonly correlation: Float64Array | null;
  /** Highest contrast of the comb, at most 2; null where it was not laid. */
  readonly bestContrast: number | null;
  /** Smallest p over the periods worth a test (larger of the two nulls; of a fast cycle that of its line); null where none was tested. */
  readonly pValue: number | null;
  /** What p must stay below: the rate of false alarms, shared among the channels that move; null where none was tested. */
  readonly neededP: number | null;
  /** Period found, seconds; null without. */
  readonly periodSeconds: number | null;
}

/** Told of each channel of each window that was searched, in order. Nothing is told where no cycle is looked for: idle GPUs, too few samples. */
export type EvidenceObserver = (evidence: ChannelEvidence) => void;

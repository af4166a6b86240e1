import { withoutControls } from '../lib/control-characters.ts';
import { CodedError, messageOf } from '../lib/errors.ts';
import type { UsageProblem } from './usage-source.ts';
import type { WriteStatus } from './write-queue.ts';

export type CycleResult = 'complete' | 'incomplete' | 'failed';

/** What one cycle came to. */
export interface CycleReport {
  readonly result: CycleResult;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly nodes: number;
  /** Nodes with GPUs in the data. */
  readonly nodesReporting: number;
  readonly gpus: number;
  /** GPUs by job type as the annotations say. */
  readonly jobTypes: Readonly<Record<string, number>>;
  /** Nodes that had to be written. */
  readonly changed: number;
  readonly problems: readonly UsageProblem[];
  readonly unmatchedSeries: number;
}

export interface ControllerStatus {
  /** Since the process started, by result. */
  readonly cyclesTotal: Readonly<Record<CycleResult, number>>;
  readonly last: CycleReport | null;
  /** Wall clock of the last cycle that could read usage, ms. */
  readonly lastReadMs: number | null;
  /** Since the last cycle that could read usage, by the monotonic clock; null before the first. */
  readonly lastReadAgeMs: number | null;
  /** Since when GPUs have been reporting without one that can be judged; null where one is, or none reports. */
  readonly unjudgedMs: number | null;
  /** Since the cycle under way began; null between cycles. */
  readonly runningMs: number | null;
  readonly patternChangesTotal: number;
  /** Of the term under way; null while not leading. */
  readonly writes: WriteStatus | null;
  /** Outcomes of the terms before, so that counters never go back. */
  readonly pastOutcomes: Readonly<Record<string, number>>;
}

/** What the failure of a whole read is, as a problem like those of a partial one. */
export function problemOf(error: unknown): UsageProblem {
  const code = error instanceof CodedError ? error.code : 'unexpected';
  const hint = error instanceof CodedError ? error.hint : undefined;
  return {
    code,
    detail: withoutControls(messageOf(error)),
    ...(hint === undefined ? {} : { hint }),
  };
}

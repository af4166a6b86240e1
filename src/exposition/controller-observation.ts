import type { ProcessFigures } from './self-observation.ts';

/** What the series about a controller are made from. Counts are since the process started; null: nothing to say yet. */
export interface ControllerObservation {
  readonly version: string;
  readonly nodejsVersion: string;
  readonly process: ProcessFigures;
  readonly isLeader: boolean;
  readonly leaderTermsTotal: number;
  readonly leaseContactAgeSeconds: number | null;
  /** By result: complete, incomplete, failed. */
  readonly cyclesTotal: Readonly<Record<string, number>>;
  readonly cycleDurationSeconds: number | null;
  readonly lastReadTimestampSeconds: number | null;
  readonly nodes: number;
  readonly nodesReporting: number | null;
  /** By job type, as the annotations say. */
  readonly gpus: Readonly<Record<string, number>>;
  /** By code, of the last cycle. */
  readonly problems: Readonly<Record<string, number>>;
  readonly unmatchedSeries: number | null;
  readonly queries: QueryObservation;
  readonly patternChangesTotal: number;
  /** By outcome: written, unchanged, gone, replaced, or an error code. */
  readonly writesTotal: Readonly<Record<string, number>>;
  readonly writesWaiting: number;
  readonly writesInFlight: number;
  readonly nodesRefused: number;
  readonly listsTotal: number;
  readonly watchEventsTotal: number;
  /** By code. */
  readonly watchFailuresTotal: Readonly<Record<string, number>>;
  readonly watchEventAgeSeconds: number | null;
  readonly eventsSentTotal: number;
  readonly eventsDroppedTotal: number;
}

/** What Prometheus was asked; by outcome: ok, aborted, or the code of the error. */
export interface QueryObservation {
  readonly requestsTotal: Readonly<Record<string, number>>;
  readonly requestSecondsTotal: Readonly<Record<string, number>>;
  /** Decompressed. */
  readonly answerBytesTotal: Readonly<Record<string, number>>;
  /** Answers with warnings: what they lack means nothing. */
  readonly partialAnswersTotal: number;
}

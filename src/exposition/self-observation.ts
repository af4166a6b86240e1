import type { UnmappedReason } from '../attribution/gpu-holders.ts';
import type { PodResourcesStatus } from '../attribution/pod-resources.ts';
import type { Snapshot } from '../sampling/snapshot.ts';

/** What the series about this process are made from. */
export interface SelfObservation {
  readonly snapshot: Snapshot;
  /** When the series are made, ms of wall clock. */
  readonly timeMs: number;
  readonly version: string;
  readonly nodejsVersion: string;
  readonly windowMs: number;
  /** How long the last exposition took to prepare, CPU and waiting, and what came out; null before the first. */
  readonly lastRender: RenderFigures | null;
  readonly process: ProcessFigures;
  /** Null where patterns are not decided on the node. */
  readonly analysis: AnalysisFigures | null;
  readonly podResources: PodResourcesStatus;
  /** Held devices without a known GPU; null while it is not known who holds what. */
  readonly unmappedDevices: Readonly<Record<UnmappedReason, number>> | null;
}

export interface RenderFigures {
  readonly durationMs: number;
  readonly seriesCount: number;
  readonly bodyBytes: number;
}

export interface ProcessFigures {
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  readonly cpuSeconds: number;
  readonly startTimeMs: number;
  /** Null where the system does not say. */
  readonly openFileDescriptors: number | null;
  readonly maxFileDescriptors: number | null;
  /** Longest delay of the event loop since the series were last made, ms. */
  readonly eventLoopDelayMaxMs: number;
}

export interface AnalysisFigures {
  readonly roundsTotal: number;
  readonly failuresTotal: number;
  /** Computing time of all rounds so far. */
  readonly busyMsTotal: number;
}

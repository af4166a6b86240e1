import type { GpuUsage, PublishedVerdict } from '../analysis/verdict.ts';

/** One GPU as seen through Prometheus (or any other store): either a verdict made on the node, or series to analyse here. */
export interface GpuObservation {
  readonly index: number;
  readonly uuid: string;
  readonly model: string | null;
  readonly driverVersion: string | null;
  readonly memoryTotalMiB: number | null;
  readonly pcieGenerationMax: number | null;
  readonly pcieWidthMax: number | null;
  readonly simulated: boolean;
  /** Made on the node at native rate, where our collector runs and publishes it; preferred. */
  readonly nodeVerdict: PublishedVerdict | null;
  /** Series to analyse here; null when nodeVerdict is there, or when nothing trustworthy is. */
  readonly usage: GpuUsage | null;
  /** Wall clock of the newest sample, ms; null when none was ever seen. */
  readonly lastSampleMs: number | null;
  /** Time between its samples, ms; absent where they are not looked at, or too few. */
  readonly sampleIntervalMs?: number;
  /** The GPU instances of a GPU in MIG mode that tell something now, by number; absent: it is whole, or nothing is known of them. */
  readonly instances?: readonly InstanceObservation[];
}

/** One GPU instance (a part of a GPU in MIG mode), as GpuObservation. */
export interface InstanceObservation {
  readonly gpuInstanceId: number;
  /** Such as `3g.20gb`; empty where it is not told. */
  readonly profile: string;
  readonly memoryTotalMiB: number | null;
  readonly nodeVerdict: PublishedVerdict | null;
  readonly usage: GpuUsage | null;
}

export interface NodeUsage {
  readonly node: string;
  /** In the order of the driver's index. */
  readonly gpus: readonly GpuObservation[];
}

/** Something that made the picture incomplete or doubtful, for logs, Events and metrics. */
export interface UsageProblem {
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

export interface FleetUsage {
  readonly timeMs: number;
  /** False: absences mean nothing (partial answer, warning, failed shard); values present are good. */
  readonly complete: boolean;
  readonly problems: readonly UsageProblem[];
  readonly nodes: ReadonlyMap<string, NodeUsage>;
  /** Series that match no known node: the label values as seen, with a count of series. */
  readonly unmatched: readonly { readonly labels: string; readonly seriesCount: number }[];
}

/** Where the controller gets usage from; it does not know whether a node analysed itself. Throws only when nothing at all could be read. */
export interface UsageSource {
  read(nodeNames: readonly string[], signal: AbortSignal): Promise<FleetUsage>;
}

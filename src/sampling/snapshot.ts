import type {
  GpuDevice,
  GpuProcess,
  GpuStatus,
  MigDevice,
  MissingReason,
  ReadingName,
  Readings,
  SourceKind,
} from '../gpu/source.ts';

/** Statistics of utilisation over the window ending at the snapshot. */
export interface UtilisationWindow {
  readonly windowSeconds: number;
  readonly sampleCount: number;
  readonly meanPercent: number;
  readonly maxPercent: number;
}

export interface GpuSnapshot {
  readonly device: GpuDevice;
  readonly status: GpuStatus;
  /** Newest known values; those of a GPU that is down are dropped, never frozen. */
  readonly readings: Readings;
  /** When each of them was read, wall clock, ms: tiers are read at different times. */
  readonly readAtMs?: Readonly<Partial<Record<ReadingName, number>>>;
  readonly missing: Readonly<Partial<Record<ReadingName, MissingReason>>>;
  readonly processes: readonly GpuProcess[];
  readonly attribution: readonly Readonly<Record<string, string>>[];
  /** Wall clock of the newest sample or reading, ms; null before the first. */
  readonly lastReadMs: number | null;
  readonly utilWindow: UtilisationWindow | null;
  readonly memCopyWindow: UtilisationWindow | null;
  /** Integral of utilisation over time since the start, seconds of full use: rate() of it is the mean utilisation, free of bursts lost between scrapes. */
  readonly busySecondsTotal: number | null;
  /** Of a GPU in MIG mode whose instances are read one by one, in the order of their numbers. */
  readonly instances?: readonly InstanceSnapshot[];
}

/** A GPU instance, with what of the GPU's facts holds for it. */
export interface InstanceDevice extends GpuDevice {
  readonly instance: MigDevice & { readonly gpuInstanceId: number };
}

export interface InstanceSnapshot extends Omit<GpuSnapshot, 'instances'> {
  readonly device: InstanceDevice;
}

/** What a verdict about a GPU, or about a GPU instance of one, is kept under. */
export function verdictKey(device: GpuDevice | InstanceDevice): string {
  return 'instance' in device ? `${device.uuid}/${device.instance.gpuInstanceId}` : device.uuid;
}

export interface SourceStatus {
  /** What was asked for and, when it is open, what was chosen. */
  readonly requested: string;
  readonly kind: SourceKind | null;
  readonly simulated: boolean;
  readonly up: boolean;
  /** Machine-readable when down (a SourceErrorCode, `opening`, `read_hung`), else empty. */
  readonly reason: string;
  /** For people: what is wrong and what to do. */
  readonly detail: string;
  readonly driverVersion: string | null;
  /** Wall clock of the last read that worked, ms; null before the first. */
  readonly lastSuccessMs: number | null;
  readonly readsTotal: number;
  readonly readFailuresTotal: number;
  readonly lastReadDurationMs: number | null;
}

/** Everything known at one moment. Frozen: a reader may keep it. */
export interface Snapshot {
  readonly sequence: number;
  readonly timeMs: number;
  readonly source: SourceStatus;
  /** In the order of the driver's index. */
  readonly gpus: readonly GpuSnapshot[];
}

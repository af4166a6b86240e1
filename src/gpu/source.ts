import { CodedError } from '../lib/errors.ts';

/**
 * The contract between whatever reads GPUs (driver library, nvidia-smi, dcgm-exporter, a recording, a simulation) and sampling/.
 * Utilisation is in percent (0-100, as drivers give it) here and in sampling and analysis; exposition turns it into ratios.
 */
export const sourceKinds = ['nvml', 'nvidia-smi', 'dcgm', 'replay', 'simulated'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/**
 * Facts of a GPU that seldom or never change while it is present. `index` is the driver's; identity across time is `uuid`:
 * of a GPU that does not even tell its own, a stand-in (`standInUuid`) until it does; of several that tell the same, each its own with where it is.
 */
export interface GpuDevice {
  readonly index: number;
  readonly uuid: string;
  readonly model: string;
  readonly pciBusId?: string;
  readonly minorNumber?: number;
  readonly serial?: string;
  readonly vbiosVersion?: string;
  readonly driverVersion?: string;
  readonly cudaVersion?: string;
  readonly computeCapability?: string;
  readonly memoryTotalBytes?: number;
  /** unified: it has no memory of its own and shares that of the system (`systemMemory…` readings); `memoryUsedBytes` is what its processes hold. */
  readonly memoryKind?: 'unified';
  readonly pcieGenerationMax?: number;
  readonly pcieWidthMax?: number;
  readonly powerLimitWatts?: number;
  readonly migEnabled?: boolean;
  /** The parts of a GPU in MIG mode, where the source can tell them; absent: it cannot, or the GPU is whole. */
  readonly migDevices?: readonly MigDevice[];
}

/** The model of a GPU that does not tell it. Whoever hands facts on leaves it out: what was known before stands. */
export const unknownModel = 'unknown model';

const standInPrefix = 'GPU-unknown-';

/** The UUID of a GPU that tells none: by its PCI bus id, or else its index. */
export function standInUuid(place: string | number): string {
  return `${standInPrefix}${place}`;
}

export function isStandInUuid(uuid: string): boolean {
  return uuid.startsWith(standInPrefix);
}

/** What tells GPUs apart that have one UUID, as passed-through cards with cloned firmware have: where each is. */
export function uuidAt(uuid: string, place: string | number): string {
  return `${uuid}@${place}`;
}

/** A part of a GPU in MIG mode that a container can hold: a compute instance in a GPU instance. */
export interface MigDevice {
  /** `MIG-…`; absent where the source knows instances by their number only (dcgm). */
  readonly uuid?: string;
  readonly gpuInstanceId?: number;
  /** Such as `3g.20gb`. */
  readonly profile?: string;
  readonly computeSlices?: number;
  readonly memoryTotalBytes?: number;
}

/** Momentary numbers about a GPU, by name; the unit is in the name. Energy is cumulative since the driver loaded. */
export const readingNames = [
  'utilPercent',
  'memCopyPercent',
  'encoderPercent',
  'decoderPercent',
  'memoryUsedBytes',
  'memoryFreeBytes',
  'memoryReservedBytes',
  'memoryTotalBytes',
  'systemMemoryTotalBytes',
  'systemMemoryAvailableBytes',
  'systemMemoryUsedBytes',
  'powerWatts',
  'powerLimitWatts',
  'energyJoules',
  'temperatureCelsius',
  'memoryTemperatureCelsius',
  'fanPercent',
  'smClockHertz',
  'memoryClockHertz',
  'graphicsClockHertz',
  'videoClockHertz',
  'performanceState',
  'pcieGeneration',
  'pcieWidth',
  'pcieReplayCount',
  'processCount',
] as const;
export type ReadingName = (typeof readingNames)[number];
export type Readings = Readonly<Partial<Record<ReadingName, number>>>;

/** Why a reading is absent. It is never published as 0. */
export const missingReasons = [
  'not_supported',
  'not_available',
  'no_permission',
  'function_not_found',
  'deprecated',
  'unknown_error',
  'out_of_range',
  'requires_other_mode',
] as const;
export type MissingReason = (typeof missingReasons)[number];

/** The channels that are kept as history, with the unit of their values. */
export const channelNames = ['util', 'memCopy', 'memUsed', 'power'] as const;
/** util, memCopy: percent 0-100; memUsed: MiB; power: W. */
export type ChannelName = (typeof channelNames)[number];

/** New samples of one channel, oldest first; `timesMs` is wall clock, milliseconds since the Unix epoch; both arrays have equal length. */
export interface ChannelSamples {
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

export interface GpuProcess {
  readonly pid: number;
  readonly kind: 'compute' | 'graphics' | 'both' | 'unknown';
  readonly name?: string;
  readonly usedMemoryBytes?: number;
}

/** Why a GPU gives no readings. `call_hung`: a driver call has not returned; its handle is left alone until it does. */
export const downReasons = [
  'gpu_lost',
  'reset_required',
  'call_hung',
  'no_permission',
  'unknown_error',
  'stale',
  'not_found',
] as const;
export type DownReason = (typeof downReasons)[number];
export type GpuStatus =
  | { readonly up: true }
  | { readonly up: false; readonly reason: DownReason; readonly detail: string };

/** What one read brought about a GPU instance of a GPU in MIG mode, as in GpuUpdate. One that GpuDevice.migDevices does not list is dropped. */
export interface InstanceUpdate extends Pick<GpuUpdate, 'samples' | 'readings' | 'missing'> {
  readonly gpuInstanceId: number;
}

/** What one read brought about one GPU. Absent fields were not read this time: what was known before stays. */
export interface GpuUpdate {
  readonly uuid: string;
  readonly status: GpuStatus;
  readonly samples?: Readonly<Partial<Record<ChannelName, ChannelSamples>>>;
  readonly readings?: Readings;
  readonly missing?: Readonly<Partial<Record<ReadingName, MissingReason>>>;
  readonly processes?: readonly GpuProcess[];
  /** Labels of whoever uses the GPU, as another exporter attributed it (dcgm source only): pod, namespace, container… */
  readonly attribution?: readonly Readonly<Record<string, string>>[];
  /** GPU instances, where the source reads them one by one. */
  readonly instances?: readonly InstanceUpdate[];
}

/**
 * usage: utilisation, memory-copy utilisation, power (sample rings where the driver has them, else one point each);
 * memory: memory in use; slow: everything else (temperature, clocks, links, energy, processes).
 */
export const readTiers = ['usage', 'memory', 'slow'] as const;
export type ReadTier = (typeof readTiers)[number];

/** `randomised`: intervals are drawn from [0.5, 1.5] x meanMs, which excludes aliasing (false while a ring is drained: its samples have their own stamps). */
export interface TierCadence {
  readonly meanMs: number;
  readonly randomised: boolean;
  /** Longest usual time from one sample to the next where reads bring one only now and then (what is read renews its values at its own rate). */
  readonly sampleSpacingMs?: number;
}

export interface LongestCallMs {
  readonly open: number;
  readonly read: number;
}

export interface SourceRead {
  readonly updates: readonly GpuUpdate[];
  /** Present when the set of devices changed since open. */
  readonly devices?: readonly GpuDevice[];
}

/**
 * Something that reads the GPUs of one node. Never called by two at once; calls may be slow but must not block the event loop.
 * A failure of one GPU is an update with `up: false`; only what concerns the whole source is thrown, as SourceError.
 */
export interface GpuSource {
  readonly kind: SourceKind;
  /** True when no real GPU is behind it (simulated, replay); shown wherever its values are. */
  readonly simulated: boolean;
  /** True while a driver call has not returned: the process must then end by `endProcess` (see nvml/), for process.exit would wait for it. */
  readonly hung: boolean;
  /** The longest that a call takes before the source itself gives it up, ms; one that takes longer hangs. Asked at each call. */
  readonly longestCallMs: LongestCallMs;
  open(signal: AbortSignal): Promise<readonly GpuDevice[]>;
  /** How often to read each tier; null: that tier comes along with another one. Valid after open; asked before each wait. */
  cadence(): Readonly<Record<ReadTier, TierCadence | null>>;
  read(tier: ReadTier, signal: AbortSignal): Promise<SourceRead>;
  close(): Promise<void>;
}

export type SourceErrorCode =
  | 'library_missing'
  | 'driver_not_loaded'
  | 'version_mismatch'
  | 'no_gpu'
  | 'no_values'
  | 'no_permission'
  | 'access_blocked'
  | 'command_missing'
  | 'command_failed'
  | 'timeout'
  | 'bad_output'
  | 'unreachable'
  | 'bad_file'
  | 'driver_error';

/** For `access_blocked`: whoever owns the machine below does not let this system use the GPU. */
export const accessBlockedHint =
  'The host blocks the GPU: under WSL update the Windows driver and run wsl --shutdown, in a virtual machine or container see what its host allows.';

/** A failure of the whole source. Sampling closes it and opens it again with back-off, unless `fatal`: then only a new process or container helps. */
export class SourceError extends CodedError<SourceErrorCode> {
  override readonly name = 'SourceError';
  readonly fatal: boolean;
  /** Longest wait before it is opened again, ms, where what is missing is known to come soon; absent: as the back-off says. */
  readonly retryWithinMs: number | undefined;

  constructor(
    code: SourceErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string; fatal?: boolean; retryWithinMs?: number } = {},
  ) {
    super(code, message, options);
    this.fatal = options.fatal ?? false;
    this.retryWithinMs = options.retryWithinMs;
  }
}

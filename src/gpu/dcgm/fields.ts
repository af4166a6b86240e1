import { isWithin, readingLimits } from '../reading-limits.ts';
import type { MissingReason, ReadingName } from '../source.ts';

export interface DcgmField {
  readonly name: ReadingName;
  /** Factor from dcgm-exporter's unit to ours. */
  readonly factor: number;
  /**
   * device: true of the whole board, so a MIG instance's series may speak for it;
   * instance: about that instance alone.
   */
  readonly scope: 'device' | 'instance';
  /** Told per pod where GPUs are shared as virtual GPUs: what its processes use. */
  readonly perProcess?: true;
}

const mib = 2 ** 20;
const mhz = 1e6;
const percent = { factor: 1, scope: 'instance' } as const;
const memory = { factor: mib, scope: 'instance' } as const;
const watts = { factor: 1, scope: 'device' } as const;
const celsius = { factor: 1, scope: 'device' } as const;
const clock = { factor: mhz, scope: 'device' } as const;
const count = { factor: 1, scope: 'device' } as const;

/**
 * Families of dcgm-exporter by the reading that they give, in order of preference (names and units: NVIDIA's DCGM field identifiers).
 * The profiling ratios stand in where the plain ones are not exported.
 */
export const dcgmFields: Readonly<Record<string, DcgmField>> = {
  DCGM_FI_DEV_GPU_UTIL: { name: 'utilPercent', ...percent, perProcess: true },
  DCGM_FI_PROF_GR_ENGINE_ACTIVE: { name: 'utilPercent', ...percent, factor: 100 },
  DCGM_FI_DEV_MEM_COPY_UTIL: { name: 'memCopyPercent', ...percent },
  DCGM_FI_PROF_DRAM_ACTIVE: { name: 'memCopyPercent', ...percent, factor: 100 },
  DCGM_FI_DEV_ENC_UTIL: { name: 'encoderPercent', ...percent },
  DCGM_FI_DEV_DEC_UTIL: { name: 'decoderPercent', ...percent },
  DCGM_FI_DEV_FB_USED: { name: 'memoryUsedBytes', ...memory, perProcess: true },
  DCGM_FI_DEV_FB_FREE: { name: 'memoryFreeBytes', ...memory },
  DCGM_FI_DEV_FB_RESERVED: { name: 'memoryReservedBytes', ...memory },
  DCGM_FI_DEV_FB_TOTAL: { name: 'memoryTotalBytes', ...memory },
  DCGM_FI_DEV_POWER_USAGE: { name: 'powerWatts', ...watts },
  DCGM_FI_DEV_POWER_USAGE_INSTANT: { name: 'powerWatts', ...watts },
  DCGM_FI_DEV_ENFORCED_POWER_LIMIT: { name: 'powerLimitWatts', ...watts },
  DCGM_FI_DEV_POWER_MGMT_LIMIT: { name: 'powerLimitWatts', ...watts },
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: { name: 'energyJoules', ...count, factor: 1e-3 },
  DCGM_FI_DEV_GPU_TEMP: { name: 'temperatureCelsius', ...celsius },
  DCGM_FI_DEV_MEMORY_TEMP: { name: 'memoryTemperatureCelsius', ...celsius },
  DCGM_FI_DEV_FAN_SPEED: { name: 'fanPercent', ...celsius },
  DCGM_FI_DEV_SM_CLOCK: { name: 'smClockHertz', ...clock },
  DCGM_FI_DEV_MEM_CLOCK: { name: 'memoryClockHertz', ...clock },
  DCGM_FI_DEV_VIDEO_CLOCK: { name: 'videoClockHertz', ...clock },
  DCGM_FI_DEV_PSTATE: { name: 'performanceState', ...count },
  DCGM_FI_DEV_PCIE_LINK_GEN: { name: 'pcieGeneration', ...count },
  DCGM_FI_DEV_PCIE_LINK_WIDTH: { name: 'pcieWidth', ...count },
  DCGM_FI_DEV_PCIE_REPLAY_COUNTER: { name: 'pcieReplayCount', ...count },
};

/** Above these values DCGM says why it has none: +0 blank, +1 not found, +2 not supported, +3 no permission (dcgm_structs.h). */
const blanks = [0x7ffffff0, 2 ** 47] as const;
const blankReasons: readonly MissingReason[] = [
  'not_available',
  'not_available',
  'not_supported',
  'no_permission',
];
/** The 64-bit blanks fall together in a double. */
const blank64 = 2 ** 63;

/** The value in our unit, or why there is none. */
export function convert(field: DcgmField, raw: number): number | MissingReason {
  if (Number.isNaN(raw) || raw === blank64) return 'not_available';
  for (const blank of blanks) {
    const reason = blankReasons[raw - blank];
    if (reason !== undefined) return reason;
  }
  const scaled = raw * field.factor;
  // A ratio is computed from two counters and may come out a hair above 1.
  const highest = readingLimits[field.name][1];
  const value = scaled > highest && scaled <= 1.005 * highest ? highest : scaled;
  return isWithin(value, readingLimits[field.name]) ? value : 'out_of_range';
}

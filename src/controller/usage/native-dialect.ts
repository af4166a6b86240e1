import type { Dialect } from './dialect.ts';

const perMiB = 1 / (1024 * 1024);
const percent = 100;

/**
 * The families of our own collector that are read here. The names are written out because the controller may not load the catalogue;
 * test/usage-families.test.ts holds them against it.
 */
export const nativeDialect: Dialect = {
  name: 'native',
  uuidLabels: ['uuid'],
  indexLabel: 'gpu',
  channels: {
    gpu_utilization_ratio: { meaning: 'util', scale: percent },
    gpu_memory_copy_utilization_ratio: { meaning: 'memCopy', scale: percent },
    gpu_memory_used_bytes: { meaning: 'memUsed', scale: perMiB },
    gpu_power_watts: { meaning: 'power', scale: 1 },
    gpu_mig_utilization_ratio: { meaning: 'util', scale: percent },
    gpu_mig_memory_copy_utilization_ratio: { meaning: 'memCopy', scale: percent },
    gpu_mig_memory_used_bytes: { meaning: 'memUsed', scale: perMiB },
  },
  standIns: {},
  facts: {
    gpu_memory_total_bytes: { meaning: 'memoryTotalMiB', scale: perMiB },
    gpu_power_limit_watts: { meaning: 'powerLimitWatts', scale: 1 },
    gpu_pcie_generation_max: { meaning: 'pcieGenerationMax', scale: 1 },
    gpu_pcie_width_max_lanes: { meaning: 'pcieWidthMax', scale: 1 },
    gpu_mig_memory_total_bytes: { meaning: 'memoryTotalMiB', scale: perMiB },
  },
  roster: ['gpu_up', 'gpu_mig_info'],
  modelLabels: ['model'],
  driverLabels: ['driver_version'],
  factFamilies: [
    'gpu_info',
    'gpu_memory_total_bytes',
    'gpu_power_limit_watts',
    'gpu_pcie_generation_max',
    'gpu_pcie_width_max_lanes',
    'gpu_mig_memory_total_bytes',
  ],
  partLabels: ['gpu_instance_id'],
  profileLabels: ['profile'],
};

/** On gpu_info; `true` where no real GPU is behind it. */
export const simulatedLabel = 'simulated';

export const verdictPatternFamily = 'gpu_usage_pattern_info';
export const verdictPatternLabels = [
  'pattern',
  'job_type',
  'tentative',
  'channel',
  'period_publishable',
] as const;

/** The numbers of a verdict, each a family of its own, with the factor to the unit used here. */
export const verdictFamilies = {
  confidence: { family: 'gpu_usage_confidence_ratio', scale: 1 },
  periodSeconds: { family: 'gpu_usage_period_seconds', scale: 1 },
  apparentPeriodSeconds: { family: 'gpu_usage_apparent_period_seconds', scale: 1 },
  periodMarginSeconds: { family: 'gpu_usage_period_margin_seconds', scale: 1 },
  slowerPeriodSeconds: { family: 'gpu_usage_slower_period_seconds', scale: 1 },
  cycles: { family: 'gpu_usage_cycles', scale: 1 },
  dutyRatio: { family: 'gpu_usage_duty_ratio', scale: 1 },
  pValue: { family: 'gpu_usage_cycle_p_value', scale: 1 },
  sinceSeconds: { family: 'gpu_usage_pattern_since_timestamp_seconds', scale: 1 },
  asOfSeconds: { family: 'gpu_usage_as_of_timestamp_seconds', scale: 1 },
  watchedSinceSeconds: { family: 'gpu_usage_watched_since_timestamp_seconds', scale: 1 },
  windowSeconds: { family: 'gpu_usage_window_seconds', scale: 1 },
  sampleCount: { family: 'gpu_usage_window_samples', scale: 1 },
  utilMeanPercent: { family: 'gpu_usage_utilization_mean_ratio', scale: percent },
  utilSpreadPercent: { family: 'gpu_usage_utilization_spread_ratio', scale: percent },
  memCopyMaxPercent: { family: 'gpu_usage_memory_copy_max_ratio', scale: percent },
  memUsedMaxMiB: { family: 'gpu_usage_memory_used_max_bytes', scale: perMiB },
  nextMemUsedMaxMiB: { family: 'gpu_usage_next_memory_used_max_bytes', scale: perMiB },
  nextUtilMeanPercent: { family: 'gpu_usage_next_utilization_ratio', scale: percent },
  stall: { family: 'gpu_usage_stall', scale: 1 },
} as const;
export type VerdictNumber = keyof typeof verdictFamilies;

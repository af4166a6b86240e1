/** `stable`: name, type, labels and unit never change; `alpha`: they may, with a line in CHANGELOG.md. */
export type Stability = 'alpha' | 'stable';

/**
 * Families that will not change: plain readings, whose meaning is the driver's and not ours, with their integral; whether
 * something works and what is known; and what answers to a convention of others (`process_…` and `nodejs_…`, which
 * are told as stable where they are made, as are the names of dcgm-exporter). What we judge or derive (patterns, windows,
 * forecasts, figures about our own parts) is still being learned about.
 */
export const stableFamilies: ReadonlySet<string> = new Set([
  'gpu_up',
  'gpu_last_read_timestamp_seconds',
  'gpu_utilization_ratio',
  'gpu_memory_copy_utilization_ratio',
  'gpu_encoder_utilization_ratio',
  'gpu_decoder_utilization_ratio',
  'gpu_memory_used_bytes',
  'gpu_memory_free_bytes',
  'gpu_memory_total_bytes',
  'gpu_power_watts',
  'gpu_power_limit_watts',
  'gpu_energy_joules_total',
  'gpu_temperature_celsius',
  'gpu_memory_temperature_celsius',
  'gpu_sm_clock_hertz',
  'gpu_memory_clock_hertz',
  'gpu_busy_seconds_total',
  'gpu_profiler_build_info',
  'gpu_profiler_source_up',
  'gpu_profiler_gpus',
  'gpu_profiler_reads_total',
  'gpu_profiler_read_failures_total',
  'gpu_profiler_snapshot_age_seconds',
  'gpu_profiler_scrapes_total',
]);

export function stabilityOf(name: string): Stability {
  return stableFamilies.has(name) ? 'stable' : 'alpha';
}

import { perGpu, type DeviceFamily } from '../family.ts';
import { ratioOf, rounded } from '../number.ts';

const absentWhen = 'no sample in the window';

/** What a single value per scrape would lose: bursts between two scrapes. */
export const windowFamilies: readonly DeviceFamily[] = [
  perGpu({
    name: 'gpu_utilization_window_mean_ratio',
    help: 'Mean utilisation over the window (metrics.window), weighted by time.',
    unit: 'ratio',
    absentWhen,
    value: ({ utilWindow }) => ratioOf(utilWindow?.meanPercent),
  }),
  perGpu({
    name: 'gpu_utilization_window_max_ratio',
    help: 'Largest sample of utilisation in the window (metrics.window).',
    unit: 'ratio',
    absentWhen,
    value: ({ utilWindow }) => ratioOf(utilWindow?.maxPercent),
  }),
  perGpu({
    name: 'gpu_utilization_window_samples',
    help: 'Samples of utilisation in the window (metrics.window).',
    unit: '',
    absentWhen,
    value: ({ utilWindow }) => utilWindow?.sampleCount,
  }),
  perGpu({
    name: 'gpu_busy_seconds_total',
    type: 'counter',
    help: 'Integral of utilisation over time since the start. Its rate is the mean utilisation, whatever the scrape interval.',
    unit: 'seconds',
    absentWhen: 'utilisation is not reported by the device',
    value: ({ busySecondsTotal }) => rounded(busySecondsTotal),
  }),
  perGpu({
    name: 'gpu_memory_copy_utilization_window_mean_ratio',
    help: 'Mean memory-copy utilisation over the window (metrics.window), weighted by time.',
    unit: 'ratio',
    absentWhen,
    value: ({ memCopyWindow }) => ratioOf(memCopyWindow?.meanPercent),
  }),
  perGpu({
    name: 'gpu_memory_copy_utilization_window_max_ratio',
    help: 'Largest sample of memory-copy utilisation in the window (metrics.window).',
    unit: 'ratio',
    absentWhen,
    value: ({ memCopyWindow }) => ratioOf(memCopyWindow?.maxPercent),
  }),
];

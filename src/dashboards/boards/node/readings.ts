import type { Section } from '../../grafana/layout.ts';
import { risingFrom, type PlacedLater, type Unit } from '../../grafana/panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { onGpu, select } from '../../promql/selector.ts';
import { hotCelsius } from '../../limits.ts';
import { notReported } from '../devices.ts';

interface Reading {
  readonly title: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly meaning: string;
  readonly action: string;
  readonly isShare?: boolean;
  readonly limit?: number;
}

const byGpu = (metric: string): string => `max by (gpu) (${select(metric, onGpu)})`;

function reading({ title, metric, unit, meaning, action, isShare, limit }: Reading): PlacedLater {
  return timeSeries({
    title,
    queries: [{ expr: byGpu(metric), legend: 'GPU {{gpu}}' }],
    meaning,
    action,
    absent: notReported,
    unit,
    min: 0,
    ...(isShare === true ? { max: 1 } : {}),
    ...(limit === undefined ? {} : { thresholds: risingFrom([limit, 'red']) }),
    width: 8,
  });
}

export const nodeReadings: Section = {
  title: 'Readings',
  panels: [
    reading({
      title: 'Utilisation, mean of the window',
      metric: 'gpu_utilization_window_mean_ratio',
      unit: 'percentunit',
      isShare: true,
      meaning:
        'Share of time in which a kernel ran, over the last window (30 s): no burst between two scrapes is lost.',
      action:
        'Saw teeth of equal length are training steps or epochs; a flat line at 100 % with low power is a stall.',
    }),
    reading({
      title: 'Utilisation, peak of the window',
      metric: 'gpu_utilization_window_max_ratio',
      unit: 'percentunit',
      isShare: true,
      meaning: 'The largest sample in each window.',
      action: 'High peaks over a low mean: short bursts; such a GPU can be shared.',
    }),
    reading({
      title: 'Memory-copy utilisation, peak of the window',
      metric: 'gpu_memory_copy_utilization_window_max_ratio',
      unit: 'percentunit',
      isShare: true,
      meaning:
        'Share of time in which device memory was read or written, largest sample. What mem-util-max of the annotations is made of.',
      action:
        'Near 100 %: the job is bound by memory bandwidth, and a neighbour on the same GPU would slow it down.',
    }),
    timeSeries({
      title: 'Memory in use',
      queries: [
        { expr: byGpu('gpu_memory_used_bytes'), legend: 'GPU {{gpu}}' },
        { expr: `max(${select('gpu_memory_total_bytes', onGpu)})`, legend: 'installed' },
      ],
      dashed: ['installed'],
      meaning: 'Device memory in use, and what one GPU has.',
      action: 'Rising without end: a leak. Near the line: the next larger batch will not fit.',
      absent: notReported,
      unit: 'bytes',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'Memory bound for the next two minutes',
      queries: [{ expr: byGpu('gpu_usage_next_memory_used_max_bytes'), legend: 'GPU {{gpu}}' }],
      meaning: 'What the GPU is expected not to exceed, from its past.',
      action: 'What lies between this and what is installed can be lent out for that long.',
      absent: 'No GPU of the selection has enough past for a forecast.',
      unit: 'bytes',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'Power',
      queries: [
        { expr: byGpu('gpu_power_watts'), legend: 'GPU {{gpu}}' },
        { expr: `max(${select('gpu_power_limit_watts', onGpu)})`, legend: 'limit' },
      ],
      dashed: ['limit'],
      meaning: 'Power drawn, and the limit in force.',
      action:
        'At the limit: the GPU is throttled by power, which is normal under full load. Full utilisation at low power: a stall.',
      absent: notReported,
      unit: 'watt',
      min: 0,
      width: 8,
    }),
    reading({
      title: 'Temperature',
      metric: 'gpu_temperature_celsius',
      unit: 'celsius',
      limit: hotCelsius.gpu,
      meaning: 'Temperature of each GPU; the line is where it becomes critical for most models.',
      action: 'One GPU hotter than its neighbours: dust, a fan, or its place in the air flow.',
    }),
    reading({
      title: 'SM clock',
      metric: 'gpu_sm_clock_hertz',
      unit: 'hertz',
      meaning: 'Clock of the multiprocessors.',
      action:
        'Falling under load: the GPU is throttled, by heat or by power; compare with the panels beside it.',
    }),
    reading({
      title: 'Processes on the GPU',
      metric: 'gpu_processes',
      unit: 'short',
      meaning: 'Processes that hold the GPU.',
      action:
        'Processes without a pod in the table above: something outside Kubernetes uses the GPU.',
    }),
  ],
};

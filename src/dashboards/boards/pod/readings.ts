import type { Section } from '../../grafana/layout.ts';
import type { PlacedLater, Unit } from '../../grafana/panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { perDevice } from '../../promql/devices.ts';
import { inCluster } from '../../promql/selector.ts';
import { noPod, ofSelected } from './join.ts';

interface Reading {
  readonly title: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly meaning: string;
  readonly action: string;
  readonly max?: number;
}

function reading({ metric, ...words }: Reading): PlacedLater {
  return timeSeries({
    ...words,
    queries: [
      {
        expr: `max by (node, gpu) (${ofSelected(perDevice(metric, inCluster))})`,
        legend: '{{node}} GPU {{gpu}}',
      },
    ],
    absent: noPod,
    min: 0,
    width: 8,
  });
}

export const podReadings: Section = {
  title: 'Readings',
  panels: [
    reading({
      title: 'Utilisation, mean of the window',
      metric: 'gpu_utilization_window_mean_ratio',
      unit: 'percentunit',
      max: 1,
      meaning: 'Share of time in which a kernel ran, over the last window (30 s).',
      action:
        'Lines of one job should move together; one that is higher while others wait is the straggler.',
    }),
    reading({
      title: 'Utilisation, peak of the window',
      metric: 'gpu_utilization_window_max_ratio',
      unit: 'percentunit',
      max: 1,
      meaning: 'The largest sample in each window.',
      action: 'Low even here: the GPU was given to a pod that hardly needs one.',
    }),
    reading({
      title: 'Memory in use',
      metric: 'gpu_memory_used_bytes',
      unit: 'bytes',
      meaning: 'Device memory in use on the GPUs held.',
      action: 'Far below what the GPU has, for the whole run: a smaller GPU or a share would do.',
    }),
    reading({
      title: 'Memory bound for the next two minutes',
      metric: 'gpu_usage_next_memory_used_max_bytes',
      unit: 'bytes',
      meaning: 'What the GPU is expected not to exceed, from its past.',
      action: 'What lies between this and what is installed can be lent out for that long.',
    }),
    reading({
      title: 'Power',
      metric: 'gpu_power_watts',
      unit: 'watt',
      meaning: 'Power of the GPUs held.',
      action: 'Full utilisation at low power is a stall, not work.',
    }),
    reading({
      title: 'Period of the cycle',
      metric: 'gpu_usage_period_seconds',
      unit: 's',
      meaning: 'Length of a training cycle, where the use is cyclic and the period is sure.',
      action: 'A period that grows: steps take longer; look at input, network and temperature.',
    }),
  ],
};

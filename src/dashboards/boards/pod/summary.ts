import type { Section } from '../../grafana/layout.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { stat } from '../../grafana/stat-panel.ts';
import { heldIdleOrNot, perDevice } from '../../promql/devices.ts';
import { inCluster, ofPod, select } from '../../promql/selector.ts';
import { noPod, ofSelected } from './join.ts';

const reading = (metric: string): string => ofSelected(perDevice(metric, inCluster));

export const podSummary: Section = {
  title: 'Now',
  panels: [
    stat({
      title: 'GPUs held',
      expr: `count(${perDevice('gpu_pod_info', ofPod)})`,
      meaning: 'Different GPUs that the selected pods hold.',
      action: 'Compare with how many of them work.',
      absent: noPod,
      unit: 'short',
      decimals: 0,
      width: 4,
    }),
    stat({
      title: 'of them idle',
      expr: `sum(${ofSelected(heldIdleOrNot(inCluster))})`,
      meaning: 'GPUs of the selected pods that compute nothing now.',
      action:
        'All of them, for long: the job waits or was forgotten. Some of them: it asked for more than it uses.',
      absent: noPod,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'GPU hours lost, last 24 h',
      expr: `sum(sum_over_time(${select('pod:gpu_held_idle:count', ofPod)}[1d])) / 60`,
      meaning: 'GPU hours of the last day that the selected pods held while nothing computed.',
      action: 'Tell the owner this number.',
      absent:
        'No hours recorded for these pods: the recording rules are not loaded, or the time is too short.',
      unit: 'h',
      decimals: 1,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'Utilisation',
      expr: `avg(${reading('gpu_utilization_window_mean_ratio')})`,
      meaning: 'Mean utilisation of the GPUs held.',
      action: 'Low although the job runs: look at its input, its batch size, its logs.',
      absent: noPod,
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      width: 4,
    }),
    stat({
      title: 'GPUs stalled',
      expr: `sum(${reading('gpu_usage_stall')})`,
      meaning: 'GPUs at full utilisation and low power: waiting in a collective operation.',
      action:
        'Look for the rank that stopped or left; a restart of the job is often all that helps.',
      absent: noPod,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'red']),
    }),
    stat({
      title: 'Power of all',
      expr: `sum(${reading('gpu_power_watts')})`,
      meaning: 'What the GPUs held draw together.',
      action: 'For the bill of the job.',
      absent: noPod,
      unit: 'watt',
      width: 4,
    }),
  ],
};

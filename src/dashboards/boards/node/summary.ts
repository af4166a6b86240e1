import type { Section } from '../../grafana/layout.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { stat } from '../../grafana/stat-panel.ts';
import { heldIdleOrNot, perDevice } from '../../promql/devices.ts';
import { onGpu, onNode, select } from '../../promql/selector.ts';
import { noGpu, notReported, temperatureColors } from '../devices.ts';

export const nodeSummary: Section = {
  title: 'Now',
  panels: [
    stat({
      title: 'GPUs that cannot be read',
      expr: `sum(1 - ${perDevice('gpu_up', onGpu)})`,
      meaning: 'GPUs of this node that answer no more.',
      action: 'The health page has the reason; often the node must be drained and the GPU reset.',
      absent: noGpu,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'red']),
    }),
    stat({
      title: 'GPUs held idle',
      expr: `sum(${heldIdleOrNot(onGpu)})`,
      meaning: 'GPUs of this node that a pod or a process has and that compute nothing.',
      action: 'The table below names the pods.',
      absent: 'No GPU of this node has a verdict yet.',
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'GPU hours lost, last 24 h',
      expr: `sum(sum_over_time(${select('node:gpu_held_idle:count', onNode)}[1d])) / 60`,
      meaning:
        'GPU hours of the last day in which GPUs of this node were held while nothing computed, whichever GPUs are selected.',
      action: 'Above a few hours: see which pod it was in the overview.',
      absent: 'No hours recorded: the recording rules are not loaded, or the time is too short.',
      unit: 'h',
      decimals: 1,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'Utilisation',
      expr: `avg(${perDevice('gpu_utilization_window_mean_ratio', onGpu)})`,
      meaning: 'Mean over the GPUs, each over the last window (30 s unless configured).',
      action: 'For comparison with other nodes.',
      absent: notReported,
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      width: 4,
    }),
    stat({
      title: 'Power of all',
      expr: `sum(${perDevice('gpu_power_watts', onGpu)})`,
      meaning: 'What the GPUs of this node draw together.',
      action: 'For comparison with what the rack may draw.',
      absent: notReported,
      unit: 'watt',
      width: 4,
    }),
    stat({
      title: 'Hottest GPU',
      expr: `max(${perDevice('gpu_temperature_celsius', onGpu)})`,
      meaning: 'The highest temperature among the GPUs.',
      action: 'Red: the GPU is about to slow down or does already; look at fans and air flow.',
      absent: notReported,
      unit: 'celsius',
      decimals: 0,
      width: 4,
      thresholds: temperatureColors,
    }),
  ],
};

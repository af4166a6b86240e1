import type { Section } from '../../grafana/layout.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { perDevice } from '../../promql/devices.ts';
import { onGpu, select } from '../../promql/selector.ts';
import { topOfRange } from '../../promql/top.ts';
import { hotCelsius } from '../../limits.ts';
import { notReported } from '../devices.ts';

const named = '{{node}} GPU {{gpu}}';

export const thermalSection: Section = {
  title: 'Temperature, power, clocks',
  panels: [
    timeSeries({
      title: 'Ten hottest GPUs',
      queries: [
        {
          expr: topOfRange(10, 'node, gpu', select('gpu_temperature_celsius', onGpu)),
          legend: named,
        },
      ],
      thresholds: risingFrom([hotCelsius.gpu, 'red']),
      legend: 'table',
      meaning: 'The line is where most data-centre GPUs are close to slowing down.',
      action:
        'All GPUs of a rack: cooling. One: SXM, the contact of its heat sink; a passive card, the air through its slot; a card with fans, the fans. The runbook has them by form factor.',
      absent: notReported,
      unit: 'celsius',
      width: 12,
    }),
    timeSeries({
      title: 'Ten hottest memories',
      queries: [
        {
          expr: topOfRange(10, 'node, gpu', select('gpu_memory_temperature_celsius', onGpu)),
          legend: named,
        },
      ],
      thresholds: risingFrom([hotCelsius.memory, 'red']),
      legend: 'table',
      meaning: 'Temperature of the device memory, where the model tells (HBM).',
      action: 'HBM slows down and wears above the line; improve cooling or lower the power limit.',
      absent: notReported,
      unit: 'celsius',
      width: 12,
    }),
    timeSeries({
      title: 'Power as a share of the limit',
      queries: [
        {
          expr: `topk(10, max by (node, gpu) (${perDevice('gpu_power_watts', onGpu)} / ${perDevice('gpu_power_limit_watts', onGpu)}))`,
          legend: named,
        },
      ],
      meaning:
        'The ten GPUs closest to their power limit. At 100 % the limit slows them down, which is normal under full load.',
      action:
        'A GPU at its limit with a lower limit than its siblings: somebody set it (nvidia-smi -pl).',
      absent: notReported,
      unit: 'percentunit',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'SM clock of busy GPUs, share of their highest of a day',
      queries: [
        {
          expr: `bottomk(10, max by (node, gpu) (${perDevice('gpu_sm_clock_hertz', onGpu)} / max by (cluster, node, gpu, uuid) (max_over_time(${select('gpu_sm_clock_hertz', onGpu)}[1d])) and ${perDevice('gpu_utilization_window_mean_ratio', onGpu)} > 0.5))`,
          legend: named,
        },
      ],
      meaning:
        'The ten slowest among the GPUs that work, against what each reached itself in the last day.',
      action:
        'Far below 100 % and hot: thermal throttling. Below 100 % and cool: power limit or locked clocks.',
      absent: 'No GPU is busy now, or none reports its clock.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
    timeSeries({
      title: 'Fans',
      queries: [
        {
          expr: topOfRange(10, 'node, gpu', select('gpu_fan_speed_ratio', onGpu)),
          legend: named,
        },
      ],
      meaning: 'Fan speed as a share of its maximum. GPUs without fans of their own report none.',
      action: 'Full speed and still hot: the fan or the air flow is at its end.',
      absent: 'No GPU has fans of its own: they are cooled by the chassis.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
  ],
};

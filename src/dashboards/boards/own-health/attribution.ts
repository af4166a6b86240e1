import type { Section } from '../../grafana/layout.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { stat } from '../../grafana/stat-panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { inCluster, select } from '../../promql/selector.ts';
import { topOfRange } from '../../promql/top.ts';

const off =
  'No kubelet has answered yet, none is asked (pod-resources.enabled), or no collector reports.';

export const attributionSection: Section = {
  title: 'Pod attribution',
  panels: [
    stat({
      title: 'Kubelets that do not answer',
      expr: `count(${select('gpu_profiler_pod_resources_down_reason_info', inCluster, 'reason!~"off|no_kubelet"')}) or 0 * count(${select('gpu_profiler_pod_resources_up', inCluster)})`,
      meaning:
        'Collectors that ask the kubelet who holds which GPU and get no answer. Readings are not affected.',
      action:
        'Without the answer no pod is named: see the reasons beside it. A machine without a kubelet and one that is not asked do not count.',
      absent: off,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'GPUs held by pods',
      expr: `count(max by (cluster, node, gpu, uuid) (${select('gpu_pod_info', inCluster)}))`,
      meaning: 'GPUs that the kubelets have given to pods.',
      action:
        'Far fewer than the device plugin says: the kubelet knows devices by names that match none of our UUIDs.',
      absent: 'No pod holds a GPU, or no kubelet tells.',
      unit: 'short',
      decimals: 0,
      width: 4,
    }),
    stat({
      title: 'Devices without a GPU',
      expr: `sum(${select('gpu_profiler_pod_devices_unmapped', inCluster)})`,
      meaning: 'Devices that kubelets have given to pods and for which no GPU is known.',
      action:
        'A device plugin with names of its own, or GPUs that the collector cannot see: the runbook, under GpuProfilerPodResourcesDown.',
      absent: off,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'yellow']),
    }),
    table({
      title: 'Why kubelets do not answer',
      labels: { instance: 'Collector', reason: 'Reason' },
      columns: [
        {
          title: 'Kubelet',
          expr: `max by (instance, reason) (${select('gpu_profiler_pod_resources_down_reason_info', inCluster)})`,
          unit: 'none',
          look: 'colored',
          mappings: [{ type: 'value', options: { '1': { text: 'no answer', color: 'orange' } } }],
        },
      ],
      meaning: 'The reason of each collector whose kubelet does not answer.',
      action: 'The runbook, under GpuProfilerPodResourcesDown.',
      absent: 'All kubelets answer, or none is asked (see the count beside it).',
      unit: 'none',
      width: 12,
      height: 4,
    }),
    timeSeries({
      title: 'Age of what the kubelet said',
      queries: [
        {
          expr: topOfRange(
            10,
            'instance',
            select('gpu_profiler_pod_resources_age_seconds', inCluster),
          ),
          legend: '{{instance}}',
        },
      ],
      meaning: 'How old the newest answer of each kubelet is: the ten oldest.',
      action: 'Rising: the kubelet restarts or its socket has moved (kubeletPath of the chart).',
      absent: off,
      unit: 's',
      min: 0,
      width: 24,
      height: 6,
    }),
  ],
};

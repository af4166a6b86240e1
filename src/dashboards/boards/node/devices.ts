import type { Section } from '../../grafana/layout.ts';
import { states } from '../../grafana/state-panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { patternCode, patternMapping } from '../../patterns.ts';
import { device, perDevice, perDeviceAnd } from '../../promql/devices.ts';
import { onGpu, select } from '../../promql/selector.ts';
import { deviceColumns, noGpu, toPod } from '../devices.ts';

const model = perDeviceAnd('model', 'gpu_info', onGpu);

export const nodeDevices: Section = {
  title: 'What each GPU does',
  panels: [
    table({
      title: 'GPUs',
      labels: { gpu: 'GPU', model: 'Model' },
      hiddenLabels: ['cluster', 'node', 'uuid'],
      facts: [model],
      columns: deviceColumns((metric) => perDevice(metric, onGpu), patternCode(onGpu)),
      sortBy: { title: 'GPU', descending: false },
      meaning:
        'Each GPU with its usage pattern and its readings of now. An empty cell: the GPU does not tell, which is not zero. No period: not cyclic, or the period cannot be told from an alias of the sampling.',
      action: 'A pattern that the job does not explain: open its pod.',
      absent: noGpu,
      unit: 'none',
      width: 24,
    }),
    states({
      title: 'Pattern of each GPU',
      query: { expr: `max by (gpu) (${patternCode(onGpu)})`, legend: 'GPU {{gpu}}' },
      mappings: [patternMapping],
      meaning: 'What each GPU was used for. A gap: no verdict at that time.',
      action: 'Long orange (held idle) is waste; many short changes are jobs that come and go.',
      absent: 'No GPU has a verdict in this time range.',
      unit: 'none',
      width: 14,
      height: 8,
    }),
    table({
      title: 'Pods on these GPUs',
      labels: { gpu: 'GPU', namespace: 'Namespace', pod: 'Pod', container: 'Container' },
      columns: [
        {
          title: 'Devices',
          expr: `count by (gpu, namespace, pod, container) (max by (${device}, namespace, pod, container, resource) (${select('gpu_pod_info', onGpu)}))`,
          unit: 'short',
        },
      ],
      sortBy: { title: 'GPU', descending: false },
      cellLinks: { Pod: toPod },
      meaning: 'Who holds which GPU, as the kubelet gave them out. A shared GPU has several rows.',
      action:
        'A busy GPU without a row here: a process outside of pods, or a pod that was not given the GPU by the kubelet.',
      absent:
        'No pod holds a GPU here, or the kubelet does not tell (own health: pod attribution).',
      unit: 'none',
      width: 10,
    }),
  ],
};

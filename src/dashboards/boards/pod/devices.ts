import type { Section } from '../../grafana/layout.ts';
import { states } from '../../grafana/state-panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { patternCode, patternMapping } from '../../patterns.ts';
import { device, perDeviceAnd } from '../../promql/devices.ts';
import { inCluster, ofPod } from '../../promql/selector.ts';
import { deviceColumns, toNode } from '../devices.ts';
import { noPod, perContainer } from './join.ts';

const who = perDeviceAnd('namespace, pod, container', 'gpu_pod_info', ofPod);
const pattern = `${who} * on (${device}) group_left () (${patternCode(inCluster)})`;

export const podDevices: Section = {
  title: 'What each GPU does',
  panels: [
    table({
      title: 'GPUs of the pod',
      labels: {
        namespace: 'Namespace',
        pod: 'Pod',
        container: 'Container',
        node: 'Node',
        gpu: 'GPU',
      },
      hiddenLabels: ['cluster', 'uuid'],
      columns: deviceColumns(perContainer, pattern),
      sortBy: { title: 'Pod', descending: false },
      cellLinks: { Node: toNode },
      meaning:
        'Each GPU that a container of the selected pods holds, with its usage pattern and its readings of now.',
      action:
        'GPUs of one job should look alike. One that differs from its siblings is the one to look at.',
      absent: noPod,
      unit: 'none',
      width: 24,
    }),
    states({
      title: 'Pattern of each GPU',
      query: {
        expr: `max by (node, gpu) ((${patternCode(inCluster)}) and on (${device}) (${who}))`,
        legend: '{{node}} GPU {{gpu}}',
      },
      mappings: [patternMapping],
      meaning:
        'What each GPU was used for while the selected pods held it. A gap: not held, or no verdict.',
      action:
        'Idle at the start is loading; idle at the end is a job that is done and has not left.',
      absent: noPod,
      unit: 'none',
      width: 24,
      height: 7,
    }),
  ],
};

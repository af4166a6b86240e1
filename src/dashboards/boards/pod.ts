import { page } from '../grafana/page.ts';
import { namespaceVariable, podVariable } from '../grafana/variables.ts';
import { podDevices } from './pod/devices.ts';
import { podReadings } from './pod/readings.ts';
import { podSummary } from './pod/summary.ts';

/** What the GPUs of a pod do; series of devices joined with who holds them. */
export const podPage = page({
  name: 'pod',
  title: 'Pod',
  description:
    'What the GPUs of a pod do. The kubelet tells which pod holds which GPU; readings are of the whole GPU, so where pods share one, each of them shows the use of all.',
  variables: [namespaceVariable, podVariable],
  from: 'now-3h',
  sections: [podSummary, podDevices, podReadings],
});

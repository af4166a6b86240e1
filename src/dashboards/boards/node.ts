import { page } from '../grafana/page.ts';
import { gpuVariable, oneNodeVariable } from '../grafana/variables.ts';
import { nodeDevices } from './node/devices.ts';
import { nodeReadings } from './node/readings.ts';
import { nodeSummary } from './node/summary.ts';

/** One node, GPU by GPU. */
export const nodePage = page({
  name: 'node',
  title: 'Node',
  description:
    'The GPUs of one node: what each is used for, by which pod, and what it reads. The same verdicts stand in the annotations of the node.',
  variables: [oneNodeVariable, gpuVariable],
  from: 'now-3h',
  sections: [nodeSummary, nodeDevices, nodeReadings],
});

import { page } from '../grafana/page.ts';
import { useSection } from './overview/use.ts';
import { wasteNow, wasteOverTime, wasters } from './overview/waste.ts';

/** The first page: what is lost, who could give it back, how the rest is used. */
export const overviewPage = page({
  name: 'overview',
  title: 'Overview',
  description:
    'What the GPUs of the cluster are used for, waste first. A GPU counts as wasted while it is held (a pod has it, or a process keeps memory on it) and nothing computes. A free GPU is not waste, and a GPU that nobody can read is counted nowhere.',
  variables: [],
  from: 'now-24h',
  sections: [wasteNow, wasters, wasteOverTime, useSection],
});

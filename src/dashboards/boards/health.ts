import { page } from '../grafana/page.ts';
import { gpuVariable, nodeVariable } from '../grafana/variables.ts';
import { lossSection } from './health/loss.ts';
import { linkSection } from './health/link.ts';
import { thermalSection } from './health/thermal.ts';

/** Hardware: what is lost, hot, slowed down or badly linked. */
export const healthPage = page({
  name: 'health',
  title: 'Health',
  description:
    'The hardware, as far as it is published: GPUs that cannot be read and why, temperature, power, clocks, the PCIe link, and what GPUs do not report.',
  variables: [nodeVariable, gpuVariable],
  from: 'now-24h',
  sections: [lossSection, thermalSection, linkSection],
});

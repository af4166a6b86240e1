import type { Section } from '../../grafana/layout.ts';
import { table } from '../../grafana/table-panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { perDevice, perDeviceAnd } from '../../promql/devices.ts';
import { onGpu, select } from '../../promql/selector.ts';
import { notReported } from '../devices.ts';

const share = (now: string, most: string): string =>
  `min by (node, gpu) (${perDevice(now, onGpu)} / ${perDevice(most, onGpu)})`;

export const linkSection: Section = {
  title: 'PCIe link and versions',
  panels: [
    timeSeries({
      title: 'PCIe packets sent again, per hour',
      queries: [
        {
          expr: `topk(10, max by (node, gpu) (increase(${select('gpu_pcie_replays_total', onGpu)}[1h])))`,
          legend: '{{node}} GPU {{gpu}}',
        },
      ],
      meaning: 'A few are harmless; hundreds per hour are a bad contact, riser or slot.',
      action: 'Drain the node, reseat the card or exchange the riser.',
      absent: notReported,
      unit: 'short',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'PCIe width in use, share of the possible',
      queries: [
        {
          expr: `bottomk(10, ${share('gpu_pcie_width_lanes', 'gpu_pcie_width_max_lanes')})`,
          legend: '{{node}} GPU {{gpu}}',
        },
      ],
      meaning:
        'Lanes in use of those that the GPU and its slot allow. Below 100 %: the link came up degraded.',
      action:
        'Reseat the card; look for pinched contacts. It halves the transfer rate each time the width halves.',
      absent: notReported,
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
    timeSeries({
      title: 'PCIe generation in use, share of the possible',
      queries: [
        {
          expr: `bottomk(10, ${share('gpu_pcie_generation', 'gpu_pcie_generation_max')})`,
          legend: '{{node}} GPU {{gpu}}',
        },
      ],
      meaning: 'The link steps down when the GPU idles, so a low share counts only while it works.',
      action: 'Low while the GPU is busy: see the alert GpuPcieLinkDegraded in the runbook.',
      absent: notReported,
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
    table({
      title: 'Models and drivers',
      labels: {
        model: 'Model',
        driver_version: 'Driver',
        cuda_version: 'CUDA',
        vbios_version: 'VBIOS',
        source: 'Read by',
      },
      columns: [
        {
          title: 'GPUs',
          expr: `count by (model, driver_version, cuda_version, vbios_version, source) (${perDeviceAnd('model, driver_version, cuda_version, vbios_version, source', 'gpu_info', onGpu)})`,
          unit: 'short',
          decimals: 0,
        },
      ],
      sortBy: { title: 'GPUs', descending: true },
      meaning: 'What is installed, and by which way it is read.',
      action: 'Small rows beside large ones are nodes that were forgotten in an upgrade.',
      absent: 'No collector reports.',
      unit: 'none',
      width: 24,
      height: 6,
    }),
  ],
};

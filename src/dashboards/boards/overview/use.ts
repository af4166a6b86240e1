import type { Section } from '../../grafana/layout.ts';
import { cellLink } from '../../grafana/links.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { patternColors, withPatternTerms } from '../../patterns.ts';
import { device, heldIdleOrNot, perDevice, utilisation } from '../../promql/devices.ts';
import { inCluster, select } from '../../promql/selector.ts';

const used = perDevice('gpu_memory_used_bytes', inCluster);
const total = perDevice('gpu_memory_total_bytes', inCluster);
const unread = 'No GPU reports it.';
/** These panels look at every GPU of the cluster: of thousands, no finer than this over a day. */
const interval = '2m';

export const useSection: Section = {
  title: 'Use',
  panels: [
    timeSeries({
      title: 'Utilisation',
      interval,
      queries: [
        { expr: `avg(${utilisation(inCluster)})`, legend: 'all GPUs' },
        {
          expr: `avg(${utilisation(inCluster)} and on (${device}) gpu_pod_info)`,
          legend: 'GPUs of pods',
        },
      ],
      meaning:
        'Share of time in which a kernel ran, mean over GPUs. It says how long GPUs were busy, not how well: a single small kernel counts as busy.',
      action:
        'A wide gap between the lines: free GPUs. Both low: GPUs are given out and not used; see waste.',
      absent: unread,
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
    timeSeries({
      title: 'Utilisation by pattern',
      queries: [
        {
          expr: withPatternTerms(
            `avg by (pattern) (${select('pattern:gpu_utilization_ratio:avg', inCluster)})`,
          ),
          legend: '{{pattern}}',
        },
      ],
      colors: patternColors,
      meaning: 'Mean utilisation of the GPUs that show each pattern.',
      action: 'Cyclic far below its usual height: training waits for its input or for the network.',
      absent: 'No GPU has a verdict yet, or the recording rules are not loaded.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
    timeSeries({
      title: 'How evenly GPUs are used',
      interval,
      queries: [0.9, 0.5, 0.1].map((share) => ({
        expr: `quantile(${share}, ${perDevice('gpu_utilization_window_mean_ratio', inCluster)})`,
        legend:
          share === 0.5 ? 'median' : share > 0.5 ? 'busiest tenth above' : 'idlest tenth below',
      })),
      meaning:
        'Utilisation of the GPU in the middle, and the bounds of the busiest and the idlest tenth.',
      action:
        'All the work on a few GPUs: look at how pods are spread, and at jobs that ask for more GPUs than they use.',
      absent: unread,
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
    timeSeries({
      title: 'Memory',
      interval,
      queries: [
        { expr: `sum(${used})`, legend: 'in use' },
        { expr: `sum(${total})`, legend: 'installed' },
      ],
      dashed: ['installed'],
      meaning: 'Device memory in use of all that is installed.',
      action: 'Much memory in use at little utilisation: models are parked; consider sharing GPUs.',
      absent: unread,
      unit: 'bytes',
      min: 0,
      width: 6,
    }),
    timeSeries({
      title: 'Power',
      interval,
      queries: [
        { expr: `sum(${perDevice('gpu_power_watts', inCluster)})`, legend: 'drawn' },
        { expr: `sum(${perDevice('gpu_power_limit_watts', inCluster)})`, legend: 'limit' },
      ],
      dashed: ['limit'],
      meaning: 'Power of all GPUs against the sum of their limits.',
      action:
        'For planning of power and cooling. Busy GPUs far below their limit do light work or wait.',
      absent: unread,
      unit: 'watt',
      min: 0,
      width: 6,
    }),
    table({
      title: 'Nodes',
      labels: { node: 'Node' },
      columns: [
        {
          title: 'GPUs',
          expr: `count by (node) (${perDevice('gpu_up', inCluster)})`,
          unit: 'short',
          decimals: 0,
        },
        {
          title: 'Unreadable',
          expr: `sum by (node) (1 - ${perDevice('gpu_up', inCluster)})`,
          unit: 'short',
          decimals: 0,
          look: 'colored',
          thresholds: risingFrom([1, 'red']),
        },
        {
          title: 'Held idle',
          expr: `sum by (node) (${heldIdleOrNot(inCluster)})`,
          unit: 'short',
          decimals: 0,
          look: 'colored',
          thresholds: risingFrom([1, 'orange']),
        },
        {
          title: 'Utilisation',
          expr: `avg by (node) (${perDevice('gpu_utilization_window_mean_ratio', inCluster)})`,
          unit: 'percentunit',
          decimals: 0,
          max: 1,
          look: 'gauge',
        },
        {
          title: 'Memory',
          expr: `sum by (node) (${used}) / sum by (node) (${total})`,
          unit: 'percentunit',
          decimals: 0,
          max: 1,
          look: 'gauge',
        },
        {
          title: 'Power',
          expr: `sum by (node) (${perDevice('gpu_power_watts', inCluster)})`,
          unit: 'watt',
        },
      ],
      sortBy: { title: 'Held idle', descending: true },
      cellLinks: { Node: cellLink('node', 'This node', { node: 'Node' }) },
      meaning: 'Each node with GPUs. An empty cell: the node does not tell, which is not zero.',
      action: 'Click a node for its GPUs.',
      absent: 'No collector reports.',
      unit: 'none',
      width: 12,
    }),
  ],
};

import { ranking } from '../../grafana/bar-gauge-panel.ts';
import type { Section } from '../../grafana/layout.ts';
import { cellLink } from '../../grafana/links.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { pie } from '../../grafana/pie-panel.ts';
import { stat } from '../../grafana/stat-panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { jobTypeColors, patternColors, withPatternTerms } from '../../patterns.ts';
import { device, heldIdle, heldIdleOrNot, perDevice } from '../../promql/devices.ts';
import { inCluster, select } from '../../promql/selector.ts';

const noHours =
  'No hours recorded: the recording rules are not loaded, no GPU has a verdict yet, or the time is too short.';
const noVerdict = 'No GPU has a verdict yet: it takes about a minute and a half of samples.';

const lostOver = (range: string, series = 'node:gpu_held_idle:count'): string =>
  `sum_over_time(${select(series, inCluster)}[${range}]) / 60`;
const allHeld = `sum(sum_over_time(${select('node:gpu_held:count', inCluster)}[1d])) / 60`;
const power = perDevice('gpu_power_watts', inCluster);

export const wasteNow: Section = {
  title: 'Waste now',
  panels: [
    stat({
      title: 'GPUs held idle',
      expr: `sum(${heldIdleOrNot(inCluster)})`,
      meaning:
        'GPUs that somebody has and that compute nothing at this moment: a pod holds them, or a process keeps memory on them.',
      action: 'See the pods below; ask their owners, or reclaim what was forgotten.',
      absent: noVerdict,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'GPU hours lost, last 24 h',
      expr: `sum(${lostOver('1d')})`,
      meaning: 'GPU hours of the last day in which GPUs were held while nothing computed.',
      action:
        'Compare with the share beside it: many hours are only bad if they are a large share.',
      absent: noHours,
      unit: 'h',
      decimals: 1,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'Share of held time lost, last 24 h',
      expr: `sum(${lostOver('1d')}) / (${allHeld} > 0)`,
      meaning:
        'Of all GPU hours that somebody held in the last day, the share in which nothing computed.',
      action:
        'Above a third: look at quotas, notebooks without a time limit, and jobs that wait for data with their GPUs allocated.',
      absent: 'Nobody held a GPU in the last day, or the recording rules are not loaded.',
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      width: 4,
      thresholds: risingFrom([0.15, 'yellow'], [0.33, 'orange']),
    }),
    stat({
      title: 'Power of held idle GPUs',
      expr: `sum(${power} and on (${device}) (${heldIdle(inCluster)})) or 0 * sum(${power})`,
      meaning: 'What the GPUs that are held and idle draw all the same.',
      action:
        'A figure for the bill; giving the GPUs back lowers it only if the nodes can then be switched off.',
      absent: 'No GPU reports its power.',
      unit: 'watt',
      width: 4,
    }),
    stat({
      title: 'GPUs stalled',
      expr: `sum(${perDevice('gpu_usage_stall', inCluster)})`,
      meaning:
        'GPUs at full utilisation and low power, as when a collective operation waits for a rank that will not come. To the scheduler they look busy.',
      action:
        'See the pod page for which job it is; look for the one rank that has stopped or left.',
      absent: noVerdict,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'red']),
    }),
    stat({
      title: 'GPUs that cannot be read',
      expr: `sum(1 - ${perDevice('gpu_up', inCluster)})`,
      meaning:
        'GPUs that their node knows of and that answer no more. They are lost for jobs too, most often.',
      action: 'Open the health page: it has the reason for each.',
      absent: 'No collector reports: nothing is known about any GPU.',
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'red']),
    }),
  ],
};

const podHours = `sum by (namespace, pod) (${lostOver('1d', 'pod:gpu_held_idle:count')})`;

export const wasters: Section = {
  title: 'Who could give GPUs back',
  panels: [
    table({
      title: 'Pods that lost most GPU hours, last 24 h',
      labels: { namespace: 'Namespace', pod: 'Pod' },
      columns: [
        { title: 'Hours lost', expr: `topk(15, ${podHours} > 0)`, unit: 'h', decimals: 1 },
        {
          title: 'Share lost',
          expr: `${podHours} / (sum by (namespace, pod) (sum_over_time(${select('pod:gpu_held:count', inCluster)}[1d])) / 60) and topk(15, ${podHours} > 0)`,
          unit: 'percentunit',
          decimals: 0,
          max: 1,
          look: 'gauge',
          thresholds: risingFrom([0.33, 'yellow'], [0.8, 'orange']),
        },
        {
          title: 'Idle now',
          expr: `sum by (namespace, pod) (${select('pod:gpu_held_idle:count', inCluster)}) and topk(15, ${podHours} > 0)`,
          unit: 'short',
          decimals: 0,
        },
      ],
      sortBy: { title: 'Hours lost', descending: true },
      cellLinks: {
        Pod: cellLink('pod', 'What this pod does', { namespace: 'Namespace', pod: 'Pod' }),
      },
      meaning:
        'Pods by the GPU hours they held in the last day while nothing computed. A GPU that two pods share counts for both.',
      action:
        'High hours and a high share: ask the owner or end the pod. High hours and a low share: a big job with pauses; look at its input.',
      absent:
        'No pod lost GPU hours, or nothing tells which pod holds which GPU (see own health: pod attribution).',
      unit: 'none',
      width: 12,
      height: 7,
    }),
    ranking({
      title: 'Namespaces by GPU hours lost, last 24 h',
      query: {
        expr: `topk(10, sum by (namespace) (${lostOver('1d', 'pod:gpu_held_idle:count')}))`,
        legend: '{{namespace}}',
      },
      meaning: 'The same hours by namespace: who the conversation is with.',
      action: 'Start at the top; a namespace with 0 h uses what it holds.',
      absent: 'No pod is known to hold a GPU.',
      unit: 'h',
      decimals: 1,
      min: 0,
      width: 6,
      height: 7,
      thresholds: risingFrom([1, 'yellow'], [24, 'orange']),
    }),
    table({
      title: 'Nodes by GPU hours lost, last 24 h',
      labels: { node: 'Node' },
      columns: [
        {
          title: 'Hours lost',
          expr: `topk(15, sum by (node) (${lostOver('1d')}))`,
          unit: 'h',
          decimals: 1,
        },
      ],
      sortBy: { title: 'Hours lost', descending: true },
      cellLinks: { Node: cellLink('node', 'This node', { node: 'Node' }) },
      meaning: 'The same hours by node, also those of GPUs that processes outside pods hold.',
      action:
        'Hours here without a pod beside it: a process outside Kubernetes holds the GPU; look on the node.',
      absent: noHours,
      unit: 'none',
      width: 6,
      height: 7,
    }),
  ],
};

export const wasteOverTime: Section = {
  title: 'Over time',
  panels: [
    timeSeries({
      title: 'GPU hours lost per day',
      queries: [{ expr: `sum(${lostOver('1d')})`, legend: 'held idle' }],
      look: 'bars',
      colors: { 'held idle': 'orange' },
      legend: 'hidden',
      timeFrom: '14d',
      interval: '1d',
      meaning:
        'Per whole day that has ended (midnight to midnight, UTC), the GPU hours in which GPUs were held while nothing computed. 24 h are one whole GPU. The last 24 hours above end now, so they differ from the last bar.',
      action: 'Look for the trend, and for weekends: what stays high there was forgotten.',
      absent: noHours,
      unit: 'h',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'GPUs by pattern',
      interval: '2m',
      queries: [
        {
          expr: withPatternTerms(
            `count by (pattern) (max by (${device}, pattern) (${select('gpu_usage_pattern_info', inCluster)}))`,
          ),
          legend: '{{pattern}}',
        },
      ],
      look: 'stacked',
      colors: patternColors,
      meaning:
        'What the GPUs do: cyclic is training, steady and bursty are serving or batch work, held idle is memory held for nothing, idle is free. The height is the number of GPUs with a verdict.',
      action:
        'A growing orange band (held idle) is waste. A falling height: GPUs or collectors went missing.',
      absent: noVerdict,
      unit: 'short',
      decimals: 0,
      min: 0,
      width: 10,
    }),
    pie({
      title: 'GPUs by job type',
      query: {
        expr: `max by (job_type) (${select('gpu_profiler_controller_gpus', inCluster)} and on (job, instance) ${select('gpu_profiler_controller_leader', inCluster)} == 1) > 0`,
        legend: '{{job_type}}',
      },
      colors: jobTypeColors,
      meaning:
        'What the node annotations say now, as the leading controller counts them: DLT trains, Others is other work, Empty is free or held idle, Unknown has had no data for longer than the TTL.',
      action: 'Unknown: see own health, then the runbook. All else is for information.',
      absent: 'No controller leads, or nothing is annotated yet.',
      unit: 'short',
      decimals: 0,
      width: 6,
    }),
  ],
};

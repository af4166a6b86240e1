import type { Section } from '../../grafana/layout.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { stat } from '../../grafana/stat-panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { ofLeader } from '../../promql/processes.ts';
import { inCluster, select } from '../../promql/selector.ts';

const none = 'No controller is scraped.';
const noLeader = 'No controller leads.';
const perSecond = (metric: string, by: string, ...matchers: string[]): string =>
  `sum by (${by}) (rate(${select(metric, inCluster, matchers)}[$__rate_interval]))`;

export const controllerSection: Section = {
  title: 'Controller',
  panels: [
    stat({
      title: 'Leaders',
      expr: `sum(${select('gpu_profiler_controller_leader', inCluster)})`,
      meaning:
        'Exactly one leads in each installation. None: nothing is written. Two for longer than a scrape: clocks or the Lease are wrong.',
      action: 'None: the alert GpuProfilerNoLeader in the runbook.',
      absent: none,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: {
        mode: 'absolute',
        steps: [
          { color: 'red', value: null },
          { color: 'green', value: 1 },
        ],
      },
    }),
    stat({
      title: 'Usage last read',
      expr: `max(time() - ${ofLeader('gpu_profiler_controller_last_read_timestamp_seconds', inCluster)})`,
      meaning:
        'Age of the last cycle in which the leader could read usage from Prometheus. A cycle is 30 s unless configured.',
      action: 'Above five minutes: the alert GpuProfilerUsageStale in the runbook.',
      absent: 'No controller leads, or it has never been able to read usage.',
      unit: 's',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([120, 'yellow'], [300, 'red']),
    }),
    stat({
      title: 'Nodes reporting',
      expr: `max(${ofLeader('gpu_profiler_controller_nodes_reporting', inCluster)})`,
      meaning: 'Nodes with GPUs in the data of the last cycle.',
      action: 'Fewer than there are GPU nodes: find the missing one among the targets above.',
      absent: noLeader,
      unit: 'short',
      decimals: 0,
      width: 4,
    }),
    stat({
      title: 'Nodes that may not be written',
      expr: `max(${ofLeader('gpu_profiler_controller_nodes_refused', inCluster)})`,
      meaning:
        'Nodes whose patch the API server refused for lack of rights, or by an admission policy.',
      action: 'The alert GpuProfilerWritesRefused in the runbook.',
      absent: noLeader,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'red']),
    }),
    stat({
      title: 'Series that match no node',
      expr: `max(${ofLeader('gpu_profiler_controller_unmatched_series', inCluster)})`,
      meaning: 'GPU series whose labels name no node of this cluster.',
      action:
        'Exporters scraped without a node label: docs/ANNOTATIONS.md, "Series that match no node".',
      absent: noLeader,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'yellow']),
    }),
    stat({
      title: 'Writes waiting',
      expr: `max(${ofLeader('gpu_profiler_controller_writes_waiting', inCluster)})`,
      meaning:
        'Nodes that wait to be written. More than a moment long only at the first start in a large cluster.',
      action: 'Stays high: the API server is slow or refuses; see the writes below.',
      absent: noLeader,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([100, 'yellow']),
    }),
    timeSeries({
      title: 'Cycles by result',
      queries: [
        {
          expr: perSecond('gpu_profiler_controller_cycles_total', 'result'),
          legend: '{{result}}',
        },
      ],
      look: 'stacked',
      colors: { complete: 'green', incomplete: 'yellow', failed: 'red' },
      meaning:
        'Cycles per second. incomplete: absences meant nothing in it; failed: nothing could be read.',
      action: 'Yellow for long: see the problems beside it. Red: Prometheus does not answer.',
      absent: none,
      unit: 'reqps',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'What made the data doubtful',
      queries: [
        {
          expr: `max by (code) (${ofLeader('gpu_profiler_controller_usage_problems', inCluster)})`,
          legend: '{{code}}',
        },
      ],
      meaning: 'Problems of the last cycle by code.',
      action: 'docs/RUNBOOK.md explains each code under GpuProfilerCyclesFailing.',
      absent: 'No problem, or no controller leads (see the count of leaders).',
      unit: 'short',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'Duration of a cycle',
      queries: [
        {
          expr: `max(${ofLeader('gpu_profiler_controller_cycle_duration_seconds', inCluster)})`,
          legend: 'leader',
        },
      ],
      legend: 'hidden',
      meaning: 'How long the last cycle took, without its writes.',
      action: 'Near the interval (30 s): Prometheus is slow; see its requests.',
      absent: noLeader,
      unit: 's',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'Writes by outcome',
      queries: [
        {
          expr: perSecond('gpu_profiler_controller_writes_total', 'outcome'),
          legend: '{{outcome}}',
        },
      ],
      look: 'stacked',
      colors: { written: 'green', unchanged: 'blue' },
      meaning: 'Nodes written per second. A quiet cluster writes almost nothing.',
      action: 'Codes of errors: the runbook, under GpuProfilerWritesFailing.',
      absent: 'Nothing was written yet.',
      unit: 'reqps',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'Requests to Prometheus by outcome',
      queries: [
        {
          expr: perSecond('gpu_profiler_controller_prometheus_requests_total', 'outcome'),
          legend: '{{outcome}}',
        },
      ],
      look: 'stacked',
      colors: { ok: 'green' },
      meaning: 'Requests per second.',
      action: 'Anything but ok for long: look at Prometheus, its load and the network between.',
      absent: 'Nothing was asked yet.',
      unit: 'reqps',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'Mean wait for Prometheus',
      queries: [
        {
          expr: `${perSecond('gpu_profiler_controller_prometheus_request_seconds_total', 'outcome')} / (${perSecond('gpu_profiler_controller_prometheus_requests_total', 'outcome')} > 0)`,
          legend: '{{outcome}}',
        },
      ],
      colors: { ok: 'green' },
      meaning: 'Seconds per request.',
      action:
        'Growing with the cluster is normal; a jump means that Prometheus is busy with something else.',
      absent: 'Nothing was asked yet.',
      unit: 's',
      min: 0,
      width: 8,
    }),
    timeSeries({
      title: 'Watch on nodes and Lease',
      queries: [
        {
          expr: `max(${select('gpu_profiler_controller_node_watch_event_age_seconds', inCluster)})`,
          legend: 'since the last event of the watch',
        },
        {
          expr: `max(${select('gpu_profiler_controller_lease_contact_age_seconds', inCluster)})`,
          legend: 'since the Lease was read or written',
        },
      ],
      meaning:
        'The API server sends a bookmark once a minute, so the first line stays below about 90 s.',
      action: 'Rising: the API server cannot be reached from the controller.',
      absent: none,
      unit: 's',
      min: 0,
      width: 12,
    }),
    timeSeries({
      title: 'Pattern changes and Events',
      queries: [
        {
          expr: `sum(increase(${select('gpu_profiler_controller_pattern_changes_total', inCluster)}[1h]))`,
          legend: 'pattern changes per hour',
        },
        {
          expr: `sum(increase(${select('gpu_profiler_controller_events_sent_total', inCluster)}[1h]))`,
          legend: 'Events written per hour',
        },
        {
          expr: `sum(increase(${select('gpu_profiler_controller_events_dropped_total', inCluster)}[1h]))`,
          legend: 'Events dropped per hour',
        },
      ],
      meaning: 'How often what the annotations say has changed.',
      action:
        'Many changes of the same GPUs: look at them on the node page; dropped Events: the API server refuses them.',
      absent: none,
      unit: 'short',
      min: 0,
      width: 12,
    }),
  ],
};

import type { AlertRule } from '../rule.ts';

const installation = 'cluster, namespace, job';
const fine = 'written|unchanged|gone|replaced';

/** The controllers. */
export const controllerAlerts: readonly AlertRule[] = [
  {
    alert: 'GpuProfilerControllerAbsent',
    expr: 'absent(gpu_profiler_controller_leader) and on () count(last_over_time(gpu_profiler_controller_leader[1d])) > 0',
    for: '10m',
    severity: 'critical',
    because:
      'Where a controller was within the last day. Both replicas away for ten minutes is no rollout. One that was never there is not missed.',
    summary: 'No controller of gpu-profiler is there',
    description:
      'No controller has been scraped for 10 minutes, and there was one within the last day. Annotations of nodes stay as they are and grow old.',
  },
  {
    alert: 'GpuProfilerNoLeader',
    expr: `sum by (${installation}) (gpu_profiler_controller_leader) == 0`,
    for: '3m',
    severity: 'critical',
    because: 'A stand-by takes over within 18 s of a leader that died.',
    summary: 'No controller leads',
    description:
      'Controllers of {{ $labels.job }} run and none has led for 3 minutes. Nothing is written on nodes.',
  },
  {
    alert: 'GpuProfilerCyclesFailing',
    expr: `sum by (${installation}) (increase(gpu_profiler_controller_cycles_total{result="failed"}[10m])) > 0 unless sum by (${installation}) (increase(gpu_profiler_controller_cycles_total{result=~"complete|incomplete"}[10m])) > 0`,
    for: '5m',
    severity: 'critical',
    because:
      'Not one cycle of ten minutes could read anything. After 15 minutes (--ttl) job types become Unknown, so this comes before.',
    summary: 'The controller cannot read GPU usage',
    description:
      'Every cycle of {{ $labels.job }} has failed for ten minutes and more. Annotations stay until the TTL and then say Unknown.',
  },
  {
    alert: 'GpuProfilerUsageStale',
    expr: `max by (${installation}) (time() - gpu_profiler_controller_last_read_timestamp_seconds and on (job, instance) gpu_profiler_controller_leader == 1) > 600`,
    for: '2m',
    severity: 'critical',
    because:
      'Twenty cycles of 30 s. Also a cycle that hangs shows here, which counts as neither complete nor failed.',
    summary: 'The controller has not read GPU usage for {{ $value | humanizeDuration }}',
    description:
      'The leading controller of {{ $labels.job }} has not read usage from Prometheus for {{ $value | humanizeDuration }}.',
  },
  {
    alert: 'GpuProfilerUsageIncomplete',
    expr: `sum by (${installation}) (increase(gpu_profiler_controller_cycles_total{result="incomplete"}[30m])) > 0 unless sum by (${installation}) (increase(gpu_profiler_controller_cycles_total{result="complete"}[30m])) > 0`,
    for: '30m',
    severity: 'warning',
    because:
      'Single incomplete cycles are the rule when Prometheus restarts or is busy; an hour without a complete one is not.',
    summary: 'The controller sees only a part of the GPUs',
    description:
      'No cycle of {{ $labels.job }} has been complete for an hour: Prometheus answers in part. What it leaves out is not taken for idle, and grows old.',
  },
  {
    alert: 'GpuProfilerClockSkew',
    expr: 'max by (cluster, namespace, job) (gpu_profiler_controller_usage_problems{code="clock_skew"}) > 0',
    for: '15m',
    severity: 'warning',
    because: 'A clock that is being set right takes minutes, not a quarter of an hour.',
    summary: 'Clocks of the controller and of Prometheus differ',
    description:
      'The clock of the controller and that of Prometheus have differed for 15 minutes. Ages are counted by the clock of Prometheus meanwhile.',
  },
  {
    alert: 'GpuProfilerWritesFailing',
    expr: `sum by (${installation}, outcome) (increase(gpu_profiler_controller_writes_total{outcome!~"${fine}"}[15m])) > 0`,
    for: '15m',
    severity: 'warning',
    because:
      'A write is repeated by itself with growing pauses, so a hiccup of the API server is over long before.',
    summary: 'Nodes cannot be annotated: {{ $labels.outcome }}',
    description:
      'Writes of nodes by {{ $labels.job }} have kept failing with {{ $labels.outcome }} for 15 minutes ({{ $value | humanize }} in the last 15).',
  },
  {
    alert: 'GpuProfilerWritesRefused',
    expr: `max by (${installation}) (gpu_profiler_controller_nodes_refused) > 0`,
    for: '10m',
    severity: 'warning',
    because:
      'A right that is missing does not come by itself; ten minutes let an upgrade of the roles pass.',
    summary: 'The controller may not write {{ $value }} nodes',
    description:
      'The API server has refused the patch of {{ $value }} nodes to {{ $labels.job }} for 10 minutes (403): a role or an admission policy.',
  },
  {
    alert: 'GpuProfilerNodeWatchStale',
    expr: `max by (${installation}) (gpu_profiler_controller_node_watch_event_age_seconds) > 300`,
    for: '5m',
    severity: 'warning',
    because: 'Bookmarks come once a minute even when nothing happens.',
    summary: 'The controller hears nothing from the API server',
    description:
      'The watch on nodes of {{ $labels.job }} has brought nothing for {{ $value | humanizeDuration }}. What it knows of the nodes is old.',
  },
];

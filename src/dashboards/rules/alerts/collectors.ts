import { ofOurs } from '../../promql/processes.ts';
import type { AlertRule } from '../rule.ts';

/** What a node without GPUs says, and one whose driver is still being installed. */
const nothingThere = 'library_missing|no_gpu|driver_not_loaded|opening';
/** The instance is the name of the node as our configurations scrape it, and the address elsewhere. */
const where = '{{ $labels.instance }}';

/** The collectors. */
export const collectorAlerts: readonly AlertRule[] = [
  {
    alert: 'GpuSourceDown',
    expr: `gpu_profiler_source_down_reason_info{reason!~"${nothingThere}"} or gpu_profiler_source_down_reason_info{reason=~"${nothingThere}"} and on (job, instance) max_over_time(gpu_profiler_source_up[6h]) == 1`,
    for: '5m',
    severity: 'critical',
    because:
      'The source is opened again with growing pauses of up to a minute, and a driver reload takes about as long. That there is no driver or no GPU counts only where there was one before.',
    summary: `GPUs of ${where} cannot be read: {{ $labels.reason }}`,
    description: `The collector on ${where} has not been able to read any GPU for 5 minutes, reason {{ $labels.reason }}. Nothing is known about the GPUs of this node.`,
  },
  {
    alert: 'GpuSnapshotStale',
    expr: 'gpu_profiler_snapshot_age_seconds > 60 and on (job, instance) gpu_profiler_source_down_reason_info{reason=~"read_hung|timeout"} or gpu_profiler_snapshot_age_seconds > 60 and on (job, instance) gpu_profiler_source_up == 1',
    for: '3m',
    severity: 'critical',
    because:
      'A snapshot is a second old; drivers take up to some ten seconds for a call during a reset. After a minute the call hangs, and mostly for good. A source that is down for another reason is GpuSourceDown.',
    summary: `A driver call hangs on ${where}`,
    description: `The newest read of the GPUs of ${where} is {{ $value | humanizeDuration }} old. Scrapes go on with old values.`,
  },
  {
    alert: 'GpuProfilerTargetDown',
    expr: `${ofOurs('up')} == 0`,
    for: '10m',
    severity: 'warning',
    because:
      'An upgrade replaces a pod within a minute or two, the pull of an image included; a node that restarts takes up to ten.',
    summary: '{{ $labels.job }} {{ $labels.instance }} does not answer',
    description:
      'Prometheus has not been able to scrape {{ $labels.job }} {{ $labels.instance }} for 10 minutes.',
  },
  {
    alert: 'GpuCollectorAbsent',
    expr: 'sum by (cluster, node) (kube_node_status_capacity{resource=~"nvidia_com_.+"}) > 0 unless on (cluster, node) gpu_up',
    for: '15m',
    severity: 'warning',
    because:
      'Needs kube-state-metrics; without it nothing fires. A new node gets its driver, its device plugin and our collector in the first quarter of an hour.',
    summary: 'No GPU data from {{ $labels.node }}',
    description:
      'Node {{ $labels.node }} offers {{ $value }} GPUs to pods, and no collector has reported one of them for 15 minutes.',
  },
  {
    alert: 'GpuProfilerScrapeSlow',
    expr: `${ofOurs('scrape_duration_seconds')} > 5`,
    for: '15m',
    severity: 'warning',
    because:
      'A scrape takes milliseconds, for its answer is prepared beforehand. Prometheus gives up after 10 s unless told otherwise, and then data are lost.',
    summary: 'Scrapes of {{ $labels.job }} {{ $labels.instance }} are slow',
    description:
      'Scrapes of {{ $labels.instance }} have taken over 5 s for 15 minutes, now {{ $value | humanizeDuration }}.',
  },
  {
    alert: 'GpuProfilerMemoryHigh',
    expr: 'gpu_profiler_resident_memory_bytes > 160 * 1024 * 1024 unless on (job, instance) gpu_profiler_controller_leader',
    for: '30m',
    severity: 'warning',
    because:
      'The limit of the collector in the chart is 192 MiB; a node with eight GPUs needs about half of it. What stays above for half an hour does not come down by itself.',
    summary: `The collector on ${where} uses {{ $value | humanize1024 }}B`,
    description: `The collector on ${where} has had more than 160 MiB of memory for half an hour. At its limit (192 MiB unless set) it is ended.`,
  },
  {
    alert: 'GpuProfilerAnalysisFailing',
    expr: 'increase(gpu_profiler_analysis_failures_total[15m]) > 0',
    for: '15m',
    severity: 'warning',
    because:
      'It should never happen. A single one leaves the verdict from before; several in a row leave it to grow old.',
    summary: `Usage patterns cannot be decided on ${where}`,
    description: `The analysis of GPUs on ${where} has kept failing for 15 minutes; their patterns stay as they were.`,
  },
  {
    alert: 'GpuProfilerPodResourcesDown',
    expr: 'gpu_profiler_pod_resources_down_reason_info{reason!~"off|no_kubelet|starting"} == 1',
    for: '15m',
    severity: 'warning',
    because:
      'A kubelet restarts in seconds and is upgraded in minutes. That it is not asked (off) or that there is none (no_kubelet) is no fault.',
    summary: `The kubelet of ${where} does not tell who holds which GPU: {{ $labels.reason }}`,
    description: `The collector on ${where} has had no answer from the kubelet's pod-resources socket for 15 minutes, reason {{ $labels.reason }}. GPUs of this node are shown without their pods.`,
  },
];

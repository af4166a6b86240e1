import {
  aboutCollector,
  always,
  but,
  change,
  growing,
  healthy,
  minutes,
  ofCollector,
  without,
} from './series.ts';
import type { Scenario } from './scenario.ts';

const idle = healthy('idle');
const busy = healthy('cyclic');
const down = (reason: string): string =>
  ofCollector('gpu_profiler_source_down_reason_info', `reason="${reason}"`);

export const collectorScenarios: readonly Scenario[] = [
  {
    what: 'a driver that was replaced under the collector',
    series: but(busy, {
      [ofCollector('gpu_profiler_source_up')]: change(1, 60, 0),
      [down('version_mismatch')]: change('_', 60, 1),
    }),
    fires: { GpuSourceDown: [{ ...aboutCollector, reason: 'version_mismatch' }] },
    quietAtMinute: 64,
    atMinute: 67,
  },
  {
    what: 'a driver that was unloaded',
    series: but(busy, {
      [ofCollector('gpu_profiler_source_up')]: change(1, 60, 0),
      [down('driver_not_loaded')]: change('_', 60, 1),
    }),
    fires: { GpuSourceDown: [{ ...aboutCollector, reason: 'driver_not_loaded' }] },
    quietAtMinute: 64,
    atMinute: 67,
  },
  {
    what: 'a collector on a node that never had a GPU',
    series: but(without(idle, /^gpu_(?!profiler)|^kube_/), {
      [ofCollector('gpu_profiler_source_up')]: always(0),
      [down('library_missing')]: always(1),
      [ofCollector('gpu_profiler_snapshot_age_seconds')]: null,
    }),
    fires: {},
    atMinute: 300,
  },
  {
    what: 'a driver call that hangs',
    series: but(busy, {
      [ofCollector('gpu_profiler_snapshot_age_seconds')]: `0.4x59 0+60x${minutes}`,
    }),
    fires: { GpuSnapshotStale: [aboutCollector] },
    quietAtMinute: 63,
    atMinute: 70,
  },
  {
    what: 'a driver call that hangs, and the source that says so',
    series: but(busy, {
      [ofCollector('gpu_profiler_snapshot_age_seconds')]: `0.4x59 0+60x${minutes}`,
      [ofCollector('gpu_profiler_source_up')]: change(1, 60, 0),
      [down('read_hung')]: change('_', 60, 1),
    }),
    fires: {
      GpuSnapshotStale: [aboutCollector],
      GpuSourceDown: [{ ...aboutCollector, reason: 'read_hung' }],
    },
    quietAtMinute: 63,
    atMinute: 75,
  },
  {
    what: 'a collector that does not answer',
    series: but(without(busy, /^gpu_|scrape_duration|kube_/), {
      ...Object.fromEntries(Object.entries(busy).filter(([name]) => /controller/.test(name))),
      [ofCollector('up')]: change(1, 60, 0),
    }),
    fires: { GpuProfilerTargetDown: [aboutCollector] },
    quietAtMinute: 68,
    atMinute: 75,
  },
  {
    what: 'a process of ours under a job of another name, down',
    series: {
      'up{job="pods",instance="x:9876"}': change(1, 60, 0),
      'up{job="pods",instance="someone-else:80"}': always(0),
      'gpu_profiler_build_info{job="pods",instance="x:9876"}': change(1, 60, 'stale'),
    },
    fires: { GpuProfilerTargetDown: [{ job: 'pods', instance: 'x:9876' }] },
    quietAtMinute: 68,
    atMinute: 75,
  },
  {
    what: 'a node with GPUs and without a collector',
    series: but(idle, {
      'kube_node_status_capacity{node="n2",resource="nvidia_com_gpu"}': change('_', 60, 8),
    }),
    fires: { GpuCollectorAbsent: [{ node: 'n2' }] },
    quietAtMinute: 74,
    atMinute: 78,
  },
  {
    what: 'slow scrapes',
    series: but(busy, { [ofCollector('scrape_duration_seconds')]: change(0.004, 60, 8) }),
    fires: { GpuProfilerScrapeSlow: [aboutCollector] },
    quietAtMinute: 74,
    atMinute: 77,
  },
  {
    what: 'a collector near its memory limit',
    series: but(busy, {
      [ofCollector('gpu_profiler_resident_memory_bytes')]: change(9e7, 60, 1.8e8),
    }),
    fires: { GpuProfilerMemoryHigh: [aboutCollector] },
    quietAtMinute: 88,
    atMinute: 92,
  },
  {
    what: 'an analysis that keeps failing',
    series: but(busy, { [ofCollector('gpu_profiler_analysis_failures_total')]: growing(2) }),
    fires: { GpuProfilerAnalysisFailing: [aboutCollector] },
    quietAtMinute: 13,
    atMinute: 30,
  },
  {
    what: 'a kubelet that refuses',
    series: but(busy, {
      [ofCollector('gpu_profiler_pod_resources_up')]: always(0),
      [ofCollector('gpu_profiler_pod_resources_down_reason_info', 'reason="permission_denied"')]:
        always(1),
    }),
    fires: { GpuProfilerPodResourcesDown: [{ ...aboutCollector, reason: 'permission_denied' }] },
    quietAtMinute: 13,
    atMinute: 17,
  },
  {
    what: 'a machine without a kubelet',
    series: but(busy, {
      [ofCollector('gpu_profiler_pod_resources_up')]: always(0),
      [ofCollector('gpu_profiler_pod_resources_down_reason_info', 'reason="no_kubelet"')]:
        always(1),
    }),
    fires: {},
    atMinute: 60,
  },
];

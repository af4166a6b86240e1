import type { Section } from '../../grafana/layout.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { stat } from '../../grafana/stat-panel.ts';
import { states } from '../../grafana/state-panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { ofOurs } from '../../promql/processes.ts';
import { answersMapping } from '../mappings.ts';
import { inCluster, select } from '../../promql/selector.ts';
import { topOfRange } from '../../promql/top.ts';

const noCollector = 'No collector was scraped: see the alert GpuProfilerTargetDown in the runbook.';

export const collectorSection: Section = {
  title: 'Collectors',
  panels: [
    stat({
      title: 'Targets that do not answer',
      expr: `count(${ofOurs('up', inCluster)} == 0) or 0 * count(${ofOurs('up', inCluster)})`,
      meaning: 'Collectors and controllers that Prometheus knows of and cannot scrape.',
      action: 'The alert GpuProfilerTargetDown in the runbook says how to look.',
      absent: 'Prometheus knows of no process of ours: look at its service discovery.',
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'red']),
    }),
    stat({
      title: 'Sources that are down',
      expr: `sum(1 - ${select('gpu_profiler_source_up', inCluster)})`,
      meaning:
        'Collectors that run but cannot read GPUs at all: no driver, no permission, or a node without GPUs.',
      action:
        'The table below has the reasons. library_missing and no_gpu on nodes without GPUs are in order.',
      absent: noCollector,
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: risingFrom([1, 'orange']),
    }),
    stat({
      title: 'Oldest snapshot',
      expr: `max(${select('gpu_profiler_snapshot_age_seconds', inCluster)})`,
      meaning:
        'Age of the newest read of the slowest collector. A second or a few are normal; it grows while a driver call hangs.',
      action: 'Above a minute: the alert GpuSnapshotStale in the runbook.',
      absent: 'No collector has read a GPU yet.',
      unit: 's',
      decimals: 1,
      width: 4,
      thresholds: risingFrom([15, 'yellow'], [60, 'red']),
    }),
    table({
      title: 'Why sources are down',
      labels: { instance: 'Collector', reason: 'Reason' },
      columns: [
        {
          title: 'Source',
          expr: `max by (instance, reason) (${select('gpu_profiler_source_down_reason_info', inCluster)})`,
          unit: 'none',
          look: 'colored',
          mappings: [{ type: 'value', options: { '1': { text: 'down', color: 'orange' } } }],
        },
      ],
      meaning:
        'opening: just started. library_missing, driver_not_loaded, no_gpu: nothing to read there. no_permission: the devices may not be opened. access_blocked: the host does not let this system use the GPU. version_mismatch: the driver was replaced. read_hung, timeout: a driver call hangs.',
      action: 'The runbook, under GpuSourceDown, has a line for each.',
      absent: 'All sources are up, or no collector reports (see the count beside it).',
      unit: 'none',
      width: 12,
      height: 4,
    }),
    states({
      title: 'Targets',
      query: {
        expr: `min by (job, instance) (${ofOurs('up', inCluster)})`,
        legend: '{{job}} {{instance}}',
      },
      mappings: [answersMapping],
      meaning: 'Whether Prometheus could scrape each of our processes.',
      action: 'Red: look at the pod. A row that ends: the pod is gone; one that begins: a new one.',
      absent: 'Prometheus knows of no process of ours.',
      unit: 'none',
      width: 12,
    }),
    timeSeries({
      title: 'Age of the snapshot',
      queries: [
        {
          expr: topOfRange(10, 'instance', select('gpu_profiler_snapshot_age_seconds', inCluster)),
          legend: '{{instance}}',
        },
      ],
      thresholds: risingFrom([60, 'red']),
      meaning:
        'The ten collectors with the oldest reads. Scrapes answer all the same, with the old values.',
      action: 'A straight rising line: a driver call hangs on that node.',
      absent: noCollector,
      unit: 's',
      min: 0,
      width: 6,
    }),
    timeSeries({
      title: 'Duration of a scrape',
      queries: [
        {
          expr: `topk(10, max by (job, instance) (${ofOurs('scrape_duration_seconds', inCluster)}))`,
          legend: '{{job}} {{instance}}',
        },
      ],
      meaning:
        'How long Prometheus waited for our metrics: the ten slowest. They are prepared beforehand, so it is milliseconds.',
      action: 'Above a second: the node is starved of processor time, or the network is slow.',
      absent: 'Prometheus knows of no process of ours.',
      unit: 's',
      min: 0,
      width: 6,
    }),
    timeSeries({
      title: 'Failed reads and analyses',
      queries: [
        {
          expr: `sum(rate(${select('gpu_profiler_read_failures_total', inCluster)}[$__rate_interval]))`,
          legend: 'reads of the source',
        },
        {
          expr: `sum(rate(${select('gpu_profiler_analysis_failures_total', inCluster)}[$__rate_interval]))`,
          legend: 'analyses of a GPU',
        },
      ],
      meaning:
        'Failures per second over all collectors. Collectors on nodes without GPUs try again now and then, which counts as a failed read.',
      action:
        'Failed analyses should never happen: the log of the collector has the error; please report it.',
      absent: noCollector,
      unit: 'reqps',
      min: 0,
      width: 12,
    }),
    timeSeries({
      title: 'Series published',
      queries: [
        {
          expr: `max(${select('gpu_profiler_render_series', inCluster)})`,
          legend: 'series, largest',
        },
        {
          expr: `sum(${select('gpu_profiler_render_series', inCluster)})`,
          legend: 'series, all collectors',
        },
      ],
      meaning: 'How many series our collectors give to Prometheus.',
      action: 'For sizing Prometheus: about sixty series per GPU with native names.',
      absent: noCollector,
      unit: 'short',
      min: 0,
      width: 12,
    }),
  ],
};

import {
  aboutController,
  always,
  but,
  change,
  growing,
  healthy,
  minutes,
  ofController,
  without,
} from './series.ts';
import type { Scenario } from './scenario.ts';

const busy = healthy('cyclic');
const cycles = (result: string): string =>
  ofController('gpu_profiler_controller_cycles_total', `result="${result}"`);
const problems = (code: string): string =>
  ofController('gpu_profiler_controller_usage_problems', `code="${code}"`);

export const controllerScenarios: readonly Scenario[] = [
  {
    what: 'both controllers gone',
    series: Object.fromEntries(
      Object.entries(busy).flatMap(([name, values]) => {
        if (!/gpu-profiler-controller/.test(name)) return [[name, values]];
        return /controller_leader/.test(name) ? [[name, change(1, 60, 'stale')]] : [];
      }),
    ),
    fires: { GpuProfilerControllerAbsent: [{}] },
    quietAtMinute: 68,
    atMinute: 75,
  },
  {
    what: 'an installation without a controller',
    series: without(busy, /gpu-profiler-controller/),
    fires: {},
    atMinute: 300,
  },
  {
    what: 'controllers without a leader',
    series: but(busy, { [ofController('gpu_profiler_controller_leader')]: change(1, 60, 0) }),
    fires: { GpuProfilerNoLeader: [aboutController] },
    quietAtMinute: 61,
    atMinute: 64,
  },
  {
    what: 'a Prometheus that does not answer',
    series: but(busy, {
      [cycles('complete')]: `0+2x60 120x${minutes}`,
      [cycles('failed')]: `0x60 0+2x${minutes}`,
      [ofController('gpu_profiler_controller_last_read_timestamp_seconds')]:
        `0+60x60 3600x${minutes}`,
    }),
    fires: {
      GpuProfilerCyclesFailing: [aboutController],
      GpuProfilerUsageStale: [aboutController],
    },
    quietAtMinute: 69,
    atMinute: 82,
  },
  {
    what: 'a cycle that hangs',
    series: but(busy, {
      [cycles('complete')]: `0+2x60 120x${minutes}`,
      [ofController('gpu_profiler_controller_last_read_timestamp_seconds')]:
        `0+60x60 3600x${minutes}`,
    }),
    fires: { GpuProfilerUsageStale: [aboutController] },
    quietAtMinute: 69,
    atMinute: 76,
  },
  {
    what: 'an outage of Prometheus of five minutes',
    series: but(busy, {
      [cycles('complete')]: `0+2x60 120x5 120+2x${minutes}`,
      [cycles('failed')]: `0x60 0+2x5 10x${minutes}`,
      [ofController('gpu_profiler_controller_last_read_timestamp_seconds')]:
        `0+60x60 3600x4 3900+60x${minutes}`,
    }),
    fires: {},
    atMinute: 72,
  },
  {
    what: 'a Prometheus that answers in part, for more than an hour',
    series: but(busy, {
      [cycles('complete')]: `0+2x60 120x${minutes}`,
      [cycles('incomplete')]: `0x60 0+2x${minutes}`,
    }),
    fires: { GpuProfilerUsageIncomplete: [aboutController] },
    quietAtMinute: 100,
    atMinute: 125,
  },
  {
    what: 'clocks that differ',
    series: but(busy, { [problems('clock_skew')]: change('_', 60, 3) }),
    fires: { GpuProfilerClockSkew: [aboutController] },
    quietAtMinute: 74,
    atMinute: 77,
  },
  {
    what: 'exporters outside of the cluster',
    series: but(busy, { [problems('unmatched_series')]: always(4) }),
    fires: {},
    atMinute: 120,
  },
  {
    what: 'writes that fail',
    series: but(busy, {
      [ofController('gpu_profiler_controller_writes_total', 'outcome="server_error"')]: growing(1),
    }),
    fires: { GpuProfilerWritesFailing: [{ ...aboutController, outcome: 'server_error' }] },
    quietAtMinute: 14,
    atMinute: 30,
  },
  {
    what: 'writes of nodes that are gone or were replaced',
    series: but(busy, {
      [ofController('gpu_profiler_controller_writes_total', 'outcome="gone"')]: growing(1),
      [ofController('gpu_profiler_controller_writes_total', 'outcome="replaced"')]: growing(1),
    }),
    fires: {},
    atMinute: 60,
  },
  {
    what: 'nodes that may not be written',
    series: but(busy, {
      [ofController('gpu_profiler_controller_nodes_refused')]: change(0, 60, 2),
    }),
    fires: { GpuProfilerWritesRefused: [aboutController] },
    quietAtMinute: 69,
    atMinute: 72,
  },
  {
    what: 'a watch that brings nothing',
    series: but(busy, {
      [ofController('gpu_profiler_controller_node_watch_event_age_seconds')]:
        `20x60 0+60x${minutes}`,
    }),
    fires: { GpuProfilerNodeWatchStale: [aboutController] },
    quietAtMinute: 69,
    atMinute: 75,
  },
];

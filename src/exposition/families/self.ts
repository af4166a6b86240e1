import { rounded, secondsOf } from '../number.ts';
import { podResourcesFamilies } from './pod-resources.ts';
import { processFamilies } from './process.ts';
import { figure, info, type SelfFamily } from './self-family.ts';

const beforeFirstRead = 'nothing was read yet';

/** About the collector itself: shown with every dialect, in a registry of its own. */
export const selfFamilies: readonly SelfFamily[] = [
  info({
    name: 'build_info',
    help: 'Version of gpu-profiler and of Node.js.',
    labels: ['version', 'nodejs_version'],
    series: ({ version, nodejsVersion }) => ({ version, nodejs_version: nodejsVersion }),
  }),
  figure({
    name: 'source_up',
    help: 'Whether the GPU source can be read (1) or not (0, with gpu_profiler_source_down_reason_info).',
    unit: '',
    value: ({ snapshot }) => (snapshot.source.up ? 1 : 0),
  }),
  info({
    name: 'source_info',
    help: 'Which GPU source was asked for and which is in use.',
    labels: ['requested', 'kind', 'simulated', 'driver_version'],
    series: ({ snapshot: { source } }) => ({
      requested: source.requested,
      ...(source.kind === null ? {} : { kind: source.kind }),
      simulated: String(source.simulated),
      ...(source.driverVersion === null ? {} : { driver_version: source.driverVersion }),
    }),
  }),
  info({
    name: 'source_down_reason_info',
    help: 'Why the GPU source cannot be read.',
    labels: ['reason'],
    absentWhen: 'the source is up',
    series: ({ snapshot: { source } }) => (source.up ? null : { reason: source.reason }),
  }),
  figure({
    name: 'gpus',
    help: 'GPUs known, up or not.',
    unit: '',
    value: ({ snapshot }) => snapshot.gpus.length,
  }),
  figure({
    name: 'reads_total',
    type: 'counter',
    help: 'Reads of the GPU source.',
    unit: '',
    value: ({ snapshot }) => snapshot.source.readsTotal,
  }),
  figure({
    name: 'read_failures_total',
    type: 'counter',
    help: 'Reads of the GPU source, and tries to open it, that failed.',
    unit: '',
    value: ({ snapshot }) => snapshot.source.readFailuresTotal,
  }),
  figure({
    name: 'read_duration_seconds',
    help: 'How long the last read took.',
    unit: 'seconds',
    absentWhen: beforeFirstRead,
    value: ({ snapshot: { source } }) =>
      source.lastReadDurationMs === null ? null : rounded(source.lastReadDurationMs / 1_000),
  }),
  figure({
    name: 'last_read_timestamp_seconds',
    help: 'Time of the last read that worked, Unix time.',
    unit: 'seconds',
    absentWhen: beforeFirstRead,
    value: ({ snapshot }) => secondsOf(snapshot.source.lastSuccessMs),
  }),
  figure({
    name: 'snapshots_total',
    type: 'counter',
    help: 'Snapshots taken; each is made into text once.',
    unit: '',
    value: ({ snapshot }) => snapshot.sequence,
  }),
  figure({
    name: 'window_seconds',
    help: 'Window of the window means and maxima (metrics.window).',
    unit: 'seconds',
    value: ({ windowMs }) => windowMs / 1_000,
  }),
  figure({
    name: 'render_duration_seconds',
    help: 'How long the last exposition took to prepare, in the background of scrapes.',
    unit: 'seconds',
    absentWhen: 'it is the first',
    value: ({ lastRender }) => (lastRender === null ? null : rounded(lastRender.durationMs / 1e3)),
  }),
  figure({
    name: 'render_series',
    help: 'Series in the last exposition.',
    unit: '',
    absentWhen: 'it is the first',
    value: ({ lastRender }) => lastRender?.seriesCount,
  }),
  figure({
    name: 'render_bytes',
    help: 'Size of the last exposition, uncompressed.',
    unit: 'bytes',
    absentWhen: 'it is the first',
    value: ({ lastRender }) => lastRender?.bodyBytes,
  }),
  figure({
    name: 'analysis_rounds_total',
    type: 'counter',
    help: 'Rounds in which the patterns of all GPUs were decided anew.',
    unit: '',
    absentWhen: 'analysis.enabled is false',
    value: ({ analysis }) => analysis?.roundsTotal,
  }),
  figure({
    name: 'analysis_failures_total',
    type: 'counter',
    help: 'Analyses of one GPU that failed; the verdict from before stays.',
    unit: '',
    absentWhen: 'analysis.enabled is false',
    value: ({ analysis }) => analysis?.failuresTotal,
  }),
  figure({
    name: 'analysis_busy_seconds_total',
    type: 'counter',
    help: 'Computing time spent on deciding patterns.',
    unit: 'seconds',
    absentWhen: 'analysis.enabled is false',
    value: ({ analysis }) => (analysis === null ? null : rounded(analysis.busyMsTotal / 1_000)),
  }),
  figure({
    name: 'resident_memory_bytes',
    help: 'Resident memory of this process.',
    unit: 'bytes',
    value: ({ process }) => process.residentBytes,
  }),
  figure({
    name: 'cpu_seconds_total',
    type: 'counter',
    help: 'Processor time of this process, user and system.',
    unit: 'seconds',
    value: ({ process }) => rounded(process.cpuSeconds),
  }),
  figure({
    name: 'start_time_seconds',
    help: 'When this process started, Unix time.',
    unit: 'seconds',
    value: ({ process }) => secondsOf(process.startTimeMs),
  }),
  figure({
    name: 'event_loop_delay_max_seconds',
    help: 'Longest delay of the event loop since the last exposition; scrapes wait no longer than this.',
    unit: 'seconds',
    value: ({ process }) => rounded(process.eventLoopDelayMaxMs / 1_000),
  }),
  ...podResourcesFamilies,
  ...processFamilies,
];

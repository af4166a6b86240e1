/** Series of a scenario in the notation of promtool (`1x60`: the value 1, then 60 more of it), one value per minute. */
export type Series = Readonly<Record<string, string>>;

/** Minutes that a scenario lasts. */
export const minutes = 360;

export const always = (value: number): string => `${value}x${minutes}`;
/** `first` for so many minutes, then `then`. */
export const change = (
  first: number | '_',
  forMinutes: number,
  then: number | '_' | 'stale',
): string => {
  const rest = then === 'stale' ? 'stale' : `${then}x${minutes - forMinutes}`;
  // `1x9` are ten values, `_x9` nine gaps.
  return `${first}x${first === '_' ? forMinutes : forMinutes - 1} ${rest}`;
};
/** Grows by `step` each minute. */
export const growing = (step: number): string => `0+${step}x${minutes}`;

const collector = 'job="gpu-profiler-collector",instance="10.0.0.1:9876"';
const controllerJob = 'job="gpu-profiler-controller",namespace="gpu-profiler"';

/** Of a device of node n1. */
export function ofGpu(metric: string, gpu = 0, more = ''): string {
  return `${metric}{node="n1",gpu="${gpu}",uuid="GPU-${gpu}",${collector}${more === '' ? '' : `,${more}`}}`;
}

/** Of the collector of node n1. */
export function ofCollector(metric: string, more = ''): string {
  return `${metric}{node="n1",${collector}${more === '' ? '' : `,${more}`}}`;
}

/** Of a controller; two replicas, a and b. */
export function ofController(metric: string, more = '', replica: 'a' | 'b' = 'a'): string {
  return `${metric}{${controllerJob},instance="${replica}:9877"${more === '' ? '' : `,${more}`}}`;
}

/** Labels of an alert about GPU 0 of n1. */
export const aboutGpu = { node: 'n1', gpu: '0', uuid: 'GPU-0' };
export const aboutCollector = {
  node: 'n1',
  job: 'gpu-profiler-collector',
  instance: '10.0.0.1:9876',
};
export const aboutController = { job: 'gpu-profiler-controller', namespace: 'gpu-profiler' };

/** A node with two GPUs, its collector and two controllers, all well: what every scenario changes something of. */
export function healthy(pattern: 'idle' | 'cyclic'): Series {
  const busy = pattern === 'cyclic';
  const gpus = [0, 1].flatMap((gpu) =>
    Object.entries({
      [ofGpu('gpu_up', gpu)]: always(1),
      [ofGpu(
        'gpu_usage_pattern_info',
        gpu,
        `pattern="${pattern}",job_type="${busy ? 'DLT' : 'Empty'}"`,
      )]: always(1),
      [ofGpu('gpu_usage_stall', gpu)]: always(0),
      [ofGpu('gpu_utilization_window_mean_ratio', gpu)]: always(busy ? 0.9 : 0),
      [ofGpu('gpu_temperature_celsius', gpu)]: always(busy ? 71 : 31),
      [ofGpu('gpu_memory_temperature_celsius', gpu)]: always(busy ? 80 : 35),
      [ofGpu('gpu_sm_clock_hertz', gpu)]: always(busy ? 1.41e9 : 2.1e8),
      [ofGpu('gpu_pcie_generation', gpu)]: always(busy ? 4 : 1),
      [ofGpu('gpu_pcie_generation_max', gpu)]: always(4),
      [ofGpu('gpu_pcie_width_lanes', gpu)]: always(16),
      [ofGpu('gpu_pcie_width_max_lanes', gpu)]: always(16),
      [ofGpu('gpu_pcie_replays_total', gpu)]: growing(0.1),
      ...(busy
        ? { [ofGpu('gpu_pod_info', gpu, 'namespace="ml",pod="train",container="main"')]: always(1) }
        : {}),
    }),
  );
  return {
    ...Object.fromEntries(gpus),
    [ofCollector('up')]: always(1),
    [ofCollector('scrape_duration_seconds')]: always(0.004),
    [ofCollector('gpu_profiler_build_info', 'version="1"')]: always(1),
    [ofCollector('gpu_profiler_source_up')]: always(1),
    [ofCollector('gpu_profiler_snapshot_age_seconds')]: always(0.4),
    [ofCollector('gpu_profiler_resident_memory_bytes')]: always(9e7),
    [ofCollector('gpu_profiler_analysis_failures_total')]: always(0),
    [ofCollector('gpu_profiler_pod_resources_up')]: always(1),
    'kube_node_status_capacity{node="n1",resource="nvidia_com_gpu"}': always(2),
    'kube_node_status_capacity{node="cpu-only",resource="cpu"}': always(8),
    ...controllers(),
  };
}

function controllers(): Series {
  return {
    [ofController('up')]: always(1),
    [ofController('gpu_profiler_controller_leader')]: always(1),
    [ofController('gpu_profiler_controller_leader', '', 'b')]: always(0),
    [ofController('gpu_profiler_build_info', 'version="1"')]: always(1),
    [ofController('gpu_profiler_resident_memory_bytes')]: always(3e8),
    [ofController('gpu_profiler_controller_cycles_total', 'result="complete"')]: growing(2),
    [ofController('gpu_profiler_controller_cycles_total', 'result="failed"')]: always(0),
    // Unix time: promtool begins at 0.
    [ofController('gpu_profiler_controller_last_read_timestamp_seconds')]: growing(60),
    [ofController('gpu_profiler_controller_last_read_timestamp_seconds', '', 'b')]: always(0),
    [ofController('gpu_profiler_controller_writes_total', 'outcome="written"')]: growing(0.2),
    [ofController('gpu_profiler_controller_nodes_refused')]: always(0),
    [ofController('gpu_profiler_controller_node_watch_event_age_seconds')]: always(20),
  };
}

/** `base` with some series replaced or, with null, taken away. */
export function but(base: Series, changes: Readonly<Record<string, string | null>>): Series {
  const entries = Object.entries({ ...base, ...changes });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** `base` without the series that a pattern matches. */
export function without(base: Series, names: RegExp): Series {
  return Object.fromEntries(Object.entries(base).filter(([name]) => !names.test(name)));
}

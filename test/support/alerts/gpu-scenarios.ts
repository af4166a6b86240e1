import { aboutGpu, always, but, change, growing, healthy, ofGpu, without } from './series.ts';
import type { Scenario } from './scenario.ts';

const idle = healthy('idle');
const busy = healthy('cyclic');
const pod = { namespace: 'ml', pod: 'train' };
const pattern = (name: string, jobType: string): string =>
  ofGpu('gpu_usage_pattern_info', 0, `pattern="${name}",job_type="${jobType}"`);

/** What GPUs do when each alert about them must fire, and what looks like it and must not. */
export const gpuScenarios: readonly Scenario[] = [
  {
    what: 'a GPU that fell off the bus',
    series: but(busy, {
      [ofGpu('gpu_up')]: change(1, 60, 0),
      [ofGpu('gpu_down_reason_info', 0, 'reason="gpu_lost"')]: change('_', 60, 1),
    }),
    fires: { GpuLost: [{ ...aboutGpu, reason: 'gpu_lost' }] },
    quietAtMinute: 64,
    atMinute: 67,
  },
  {
    what: 'a GPU that is reset within four minutes',
    series: but(busy, {
      [ofGpu('gpu_down_reason_info', 0, 'reason="reset_required"')]: `_x60 1x4 stale`,
    }),
    fires: {},
    atMinute: 70,
  },
  {
    what: 'a collector that starts after its GPU fell off the bus',
    series: but(without(busy, /gpu="0"/), { [ofGpu('gpu_up')]: change(1, 60, 'stale') }),
    fires: { GpuVanished: [aboutGpu] },
    quietAtMinute: 68,
    atMinute: 75,
  },
  {
    what: 'a GPU that was exchanged for another at the same index',
    series: but(without(busy, /gpu="0"/), {
      [ofGpu('gpu_up')]: change(1, 60, 'stale'),
      [ofGpu('gpu_up').replace('GPU-0', 'GPU-9')]: change('_', 60, 1),
    }),
    fires: {},
    atMinute: 80,
  },
  {
    what: 'a node that was taken out of the cluster',
    series: Object.fromEntries(
      Object.entries(busy).map(([name, values]) =>
        /node="n1"/.test(name) ? [name, change(1, 60, 'stale')] : [name, values],
      ),
    ),
    fires: {},
    atMinute: 90,
  },
  {
    what: 'a stalled collective',
    series: but(busy, { [ofGpu('gpu_usage_stall')]: change(0, 60, 1) }),
    fires: { GpuStalled: [aboutGpu] },
    quietAtMinute: 74,
    atMinute: 77,
  },
  {
    what: 'a hot GPU',
    series: but(busy, { [ofGpu('gpu_temperature_celsius')]: change(71, 60, 88) }),
    fires: { GpuHot: [aboutGpu] },
    quietAtMinute: 69,
    atMinute: 80,
  },
  {
    what: 'a GPU that is hot for a moment now and then',
    series: but(busy, { [ofGpu('gpu_temperature_celsius')]: '88 71 71 88 71 88 71x300' }),
    fires: {},
    atMinute: 20,
  },
  {
    what: 'hot memory',
    series: but(busy, { [ofGpu('gpu_memory_temperature_celsius')]: change(80, 60, 99) }),
    fires: { GpuMemoryHot: [aboutGpu] },
    quietAtMinute: 69,
    atMinute: 80,
  },
  {
    what: 'a GPU slowed down by heat',
    series: but(busy, {
      [ofGpu('gpu_temperature_celsius')]: change(71, 60, 84),
      [ofGpu('gpu_sm_clock_hertz')]: change(1.41e9, 60, 8e8),
    }),
    fires: { GpuSlowedByHeat: [aboutGpu] },
    quietAtMinute: 74,
    atMinute: 90,
  },
  {
    what: 'a GPU that clocks down because it has nothing to do, in a warm room',
    series: but(busy, {
      [ofGpu('gpu_temperature_celsius')]: always(82),
      [ofGpu('gpu_sm_clock_hertz')]: change(1.41e9, 60, 2.1e8),
      [ofGpu('gpu_utilization_window_mean_ratio')]: change(0.9, 60, 0),
    }),
    fires: {},
    atMinute: 120,
  },
  {
    what: 'half the PCIe lanes under load',
    series: but(busy, { [ofGpu('gpu_pcie_width_lanes')]: always(8) }),
    fires: { GpuPcieLinkDegraded: [aboutGpu] },
    quietAtMinute: 14,
    atMinute: 40,
  },
  {
    what: 'a lower PCIe generation under load',
    series: but(busy, { [ofGpu('gpu_pcie_generation')]: always(3) }),
    fires: { GpuPcieLinkDegraded: [aboutGpu] },
    quietAtMinute: 14,
    atMinute: 40,
  },
  {
    what: 'PCIe packets sent again, five a minute',
    series: but(busy, { [ofGpu('gpu_pcie_replays_total')]: growing(5) }),
    fires: { GpuPcieReplays: [aboutGpu] },
    quietAtMinute: 20,
    atMinute: 60,
  },
  {
    what: 'a pod with memory on a GPU and nothing to do',
    series: but(busy, {
      [pattern('cyclic', 'DLT')]: change(1, 60, 'stale'),
      [pattern('alloc-idle', 'Empty')]: change('_', 60, 1),
    }),
    fires: { GpuHeldIdle: [{ ...aboutGpu, ...pod }] },
    quietAtMinute: 170,
    atMinute: 190,
  },
  {
    what: 'a pod that was given a GPU and never touched it',
    series: but(idle, {
      [ofGpu('gpu_pod_info', 0, 'namespace="ml",pod="train",container="main"')]: change('_', 60, 1),
    }),
    fires: { GpuHeldIdle: [{ ...aboutGpu, ...pod }] },
    quietAtMinute: 170,
    atMinute: 190,
  },
  {
    what: 'a process outside of pods that holds memory',
    series: but(idle, {
      [pattern('idle', 'Empty')]: change(1, 60, 'stale'),
      [pattern('alloc-idle', 'Empty')]: change('_', 60, 1),
    }),
    fires: { GpuMemoryHeldIdle: [aboutGpu] },
    quietAtMinute: 170,
    atMinute: 190,
  },
  {
    what: 'a pod that pauses for an hour and works again',
    series: but(busy, {
      [pattern('cyclic', 'DLT')]: `1x59 stale _x58 1x300`,
      [pattern('alloc-idle', 'Empty')]: `_x59 1x58 stale`,
    }),
    fires: {},
    atMinute: 190,
  },
];

import { device, perDevice, perDeviceAnd } from '../../promql/devices.ts';
import type { AlertRule } from '../rule.ts';
import { hotCelsius } from '../../limits.ts';

const onDevice = `on (${device})`;
const gpu = 'GPU {{ $labels.gpu }} of {{ $labels.node }}';
const overTime = (operation: string, metric: string, range: string): string =>
  `max by (${device}) (${operation}(${metric}[${range}]))`;
const busy = (share: number, range: string): string =>
  `${overTime('avg_over_time', 'gpu_utilization_window_mean_ratio', range)} > ${share}`;

/** The hardware. */
export const gpuAlerts: readonly AlertRule[] = [
  {
    alert: 'GpuLost',
    expr: `${perDeviceAnd('reason', 'gpu_down_reason_info')} == 1`,
    for: '5m',
    severity: 'critical',
    because:
      'A reset or a driver reload passes within a few minutes, and a collector that has just started says not_found until its first read.',
    summary: `${gpu} cannot be read: {{ $labels.reason }}`,
    description: `${gpu} ({{ $labels.uuid }}) has not been readable for 5 minutes, reason {{ $labels.reason }}. Jobs on it have most likely failed.`,
  },
  {
    alert: 'GpuVanished',
    expr: `(${overTime('last_over_time', 'gpu_up', '2h')} unless ${onDevice} ${perDevice('gpu_up')}) and on (cluster, node) ${perDevice('gpu_up')} unless on (cluster, node, gpu) ${perDevice('gpu_up')}`,
    for: '10m',
    severity: 'warning',
    because:
      'A collector that starts after the GPU fell off the bus knows nothing of it, so nothing else tells. Two hours back is long enough to be seen and short enough to end by itself after a planned removal; a GPU exchanged at the same index does not count.',
    summary: `${gpu} is not there any more`,
    description: `${gpu} ({{ $labels.uuid }}) was there within the last two hours; the collector of the node reports its other GPUs and not this one.`,
  },
  {
    alert: 'GpuStalled',
    expr: `${perDevice('gpu_usage_stall')} == 1`,
    for: '15m',
    severity: 'warning',
    because:
      'Collectives time out after 10 minutes in the usual libraries (30 in some), so what lasts 15 does not end by itself. A checkpoint or an evaluation at low power is over before.',
    summary: `${gpu} is stalled`,
    description: `${gpu} has shown full utilisation at low power for 15 minutes, as when a collective operation waits for a rank that has stopped. The job looks busy and does nothing.`,
  },
  {
    alert: 'GpuHot',
    expr: `${overTime('min_over_time', 'gpu_temperature_celsius', '5m')} >= ${hotCelsius.gpu}`,
    for: '10m',
    severity: 'warning',
    because: `Data-centre GPUs slow down from about 87 °C on; the limit of each model is not published yet. The lowest reading of five minutes counts, so one hot sample is not enough.`,
    summary: `${gpu} is at {{ $value }} °C`,
    description: `${gpu} has been at ${hotCelsius.gpu} °C or more for over ten minutes. It slows down soon, if it does not already.`,
  },
  {
    alert: 'GpuMemoryHot',
    expr: `${overTime('min_over_time', 'gpu_memory_temperature_celsius', '5m')} >= ${hotCelsius.memory}`,
    for: '10m',
    severity: 'warning',
    because: 'HBM is throttled from about 95 °C on, and wears faster there.',
    summary: `Memory of ${gpu} is at {{ $value }} °C`,
    description: `The device memory of ${gpu} has been at ${hotCelsius.memory} °C or more for over ten minutes.`,
  },
  {
    alert: 'GpuSlowedByHeat',
    expr: `${overTime('max_over_time', 'gpu_sm_clock_hertz', '10m')} < 0.75 * ${overTime('max_over_time', 'gpu_sm_clock_hertz', '1d')} and ${onDevice} ${busy(0.5, '10m')} and ${onDevice} ${overTime('avg_over_time', 'gpu_temperature_celsius', '10m')} >= 80`,
    for: '10m',
    severity: 'warning',
    because:
      'Busy, hot, and in ten minutes not once near the clock that this GPU reached itself within the day: a power limit alone does not take a quarter, and an idle GPU that has clocked down is not busy.',
    summary: `${gpu} is slowed down by heat`,
    description: `${gpu} works at no more than three quarters of the clock that it reached within the last day, at 80 °C or more.`,
  },
  {
    alert: 'GpuPcieLinkDegraded',
    expr: `(${overTime('max_over_time', 'gpu_pcie_width_lanes', '15m')} < ${perDevice('gpu_pcie_width_max_lanes')} or ${overTime('max_over_time', 'gpu_pcie_generation', '15m')} < ${perDevice('gpu_pcie_generation_max')}) and ${onDevice} ${busy(0.3, '15m')}`,
    for: '15m',
    severity: 'warning',
    because:
      'The link steps down when the GPU idles, so only a GPU that worked for a quarter of an hour and in all that time never reached what it and its slot allow is meant.',
    summary: `PCIe link of ${gpu} is below what it could be`,
    description: `${gpu} has been busy for half an hour on a PCIe link of {{ $value }} (lanes or generation), less than the GPU and its slot allow. Transfers are slow.`,
  },
  {
    alert: 'GpuPcieReplays',
    expr: `max by (${device}) (increase(gpu_pcie_replays_total[30m])) > 100`,
    for: '15m',
    severity: 'warning',
    because:
      'Single replays are harmless. More than a hundred in each half hour are a bad contact, and come before a lost GPU.',
    summary: `${gpu} sends PCIe packets again`,
    description: `${gpu} had to send {{ $value | humanize }} PCIe packets again within 30 minutes.`,
  },
];

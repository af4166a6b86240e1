import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An exporter whose exposition a test writes: `line` for each series, values as functions of time. */
export interface PlayedExporter {
  /** HOST:PORT, as a scrape target. */
  readonly target: string;
  /** The exposition at a time, ms; replaced at any time. */
  render: (timeMs: number) => string;
  close(): Promise<void>;
}

export async function startPlayedExporter(
  render: PlayedExporter['render'],
): Promise<PlayedExporter> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(exporter.render(Date.now()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const exporter: PlayedExporter = {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    render,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return exporter;
}

/** One line of an exposition. */
export function line(
  family: string,
  labels: Readonly<Record<string, string>>,
  value: number,
): string {
  const text = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  return `${family}{${text.join(',')}} ${value}\n`;
}

/** 95 for the first 60 % of each period, else 5. */
export function square(timeMs: number, periodMs: number): number {
  return timeMs % periodMs < periodMs * 0.6 ? 95 : 5;
}

export interface PlayedGpu {
  readonly node: string;
  readonly index: number;
  readonly uuid: string;
  readonly periodMs: number;
}

/** The series of dcgm-exporter for one GPU; `extra` labels, as of pods. */
export function dcgmText(
  { node, index, uuid, periodMs }: PlayedGpu,
  timeMs: number,
  extra: Readonly<Record<string, string>> = {},
): string {
  const labels = {
    gpu: String(index),
    UUID: uuid,
    device: `nvidia${index}`,
    modelName: 'NVIDIA A100-SXM4-80GB',
    Hostname: node,
    DCGM_FI_DRIVER_VERSION: '550.54.15',
    ...extra,
  };
  const util = square(timeMs, periodMs);
  return (
    line('DCGM_FI_DEV_GPU_UTIL', labels, util) +
    line('DCGM_FI_DEV_MEM_COPY_UTIL', labels, util / 5) +
    line('DCGM_FI_DEV_FB_USED', labels, 40_000 + index) +
    line('DCGM_FI_DEV_FB_FREE', labels, 41_000) +
    line('DCGM_FI_DEV_POWER_USAGE', labels, 60 + util * 3.25)
  );
}

/** The series of dcgm-exporter for a GPU in MIG mode: GPU instance 1 is at work in cycles, 2 all the time. */
export function migText({ node, index, uuid, periodMs }: PlayedGpu, timeMs: number): string {
  return [
    { id: '1', profile: '3g.20gb', active: square(timeMs, periodMs) / 100, used: 1_000 },
    { id: '2', profile: '4g.20gb', active: 1, used: 2_000 },
  ]
    .map(({ id, profile, active, used }) => {
      const labels = {
        gpu: String(index),
        UUID: uuid,
        device: `nvidia${index}`,
        modelName: 'NVIDIA A100-SXM4-40GB',
        GPU_I_PROFILE: profile,
        GPU_I_ID: id,
        Hostname: node,
      };
      return (
        line('DCGM_FI_PROF_GR_ENGINE_ACTIVE', labels, active) +
        line('DCGM_FI_DEV_FB_USED', labels, used) +
        line('DCGM_FI_DEV_FB_FREE', labels, 18_000) +
        line('DCGM_FI_DEV_POWER_USAGE', labels, 200.5)
      );
    })
    .join('');
}

/** The series of our own collector for one GPU that the controller reads, without a verdict. */
export function nativeText({ node, index, uuid, periodMs }: PlayedGpu, timeMs: number): string {
  const labels = { node, gpu: String(index), uuid };
  const util = square(timeMs, periodMs) / 100;
  return (
    line('gpu_up', labels, 1) +
    line(
      'gpu_info',
      { ...labels, model: 'NVIDIA H100', driver_version: '570.1', simulated: 'true' },
      1,
    ) +
    line('gpu_utilization_ratio', labels, util) +
    line('gpu_memory_copy_utilization_ratio', labels, util / 5) +
    line('gpu_memory_used_bytes', labels, 30 * 2 ** 30) +
    line('gpu_memory_total_bytes', labels, 80 * 2 ** 30) +
    line('gpu_power_watts', labels, 60 + util * 325) +
    line('gpu_power_limit_watts', labels, 700) +
    line('gpu_pcie_generation_max', labels, 5) +
    line('gpu_pcie_width_max_lanes', labels, 16)
  );
}

/** A cyclic verdict of a node, as of `asOfSeconds`. */
export function verdictText({ node, index, uuid }: PlayedGpu, asOfSeconds: number): string {
  const labels = { node, gpu: String(index), uuid };
  const numbers: Readonly<Record<string, number>> = {
    gpu_usage_confidence_ratio: 0.97,
    gpu_usage_period_seconds: 12.5,
    gpu_usage_period_margin_seconds: 0.3,
    gpu_usage_cycles: 9.6,
    gpu_usage_duty_ratio: 0.6,
    gpu_usage_cycle_p_value: 0.001,
    gpu_usage_pattern_since_timestamp_seconds: asOfSeconds - 300,
    gpu_usage_as_of_timestamp_seconds: asOfSeconds,
    gpu_usage_window_seconds: 120,
    gpu_usage_window_samples: 600,
    gpu_usage_utilization_mean_ratio: 0.59,
    gpu_usage_memory_copy_max_ratio: 0.19,
    gpu_usage_memory_used_max_bytes: 30 * 2 ** 30,
    gpu_usage_next_memory_used_max_bytes: 32 * 2 ** 30,
    gpu_usage_next_utilization_ratio: 0.6,
    gpu_usage_stall: 0,
  };
  const pattern = {
    ...labels,
    pattern: 'cyclic',
    job_type: 'DLT',
    tentative: 'false',
    channel: 'util',
    period_publishable: 'true',
  };
  return (
    line('gpu_usage_pattern_info', pattern, 1) +
    Object.entries(numbers)
      .map(([family, value]) => line(family, labels, value))
      .join('')
  );
}

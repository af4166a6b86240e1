import { describe, expect, it } from 'vitest';
import type { Series } from '../prometheus/client.ts';
import { recordedUsage } from './recorded-usage.ts';

const nodeLabels = ['node', 'Hostname'];
const points = (...values: readonly number[]): Series['points'] =>
  values.map((value, i) => [1_000 + i, String(value)]);
const series = (name: string, labels: Series['labels'], ...values: readonly number[]): Series => ({
  labels: { __name__: name, ...labels },
  points: points(...values),
});
const dcgm = { UUID: 'GPU-1', gpu: '0', Hostname: 'a', modelName: 'NVIDIA H100' };
const native = { uuid: 'GPU-1', gpu: '0', node: 'a', Hostname: 'a' };

describe('controller/recorded-usage', () => {
  it('reads the fields of dcgm-exporter with what they tell of the GPU', () => {
    const [gpu, ...more] = recordedUsage(
      [
        series('DCGM_FI_DEV_GPU_UTIL', dcgm, 10, 20),
        series('DCGM_FI_DEV_FB_USED', dcgm, 500, 600),
        series('DCGM_FI_DEV_FB_FREE', dcgm, 400, 300),
        series('DCGM_FI_DEV_GPU_UTIL', { ...dcgm, GPU_I_ID: '1' }, 99),
        series('up', {}, 1),
      ],
      nodeLabels,
    );

    expect(more).toEqual([]);
    expect(gpu).toMatchObject({
      uuid: 'GPU-1',
      index: '0',
      place: 'Hostname=a',
      model: 'NVIDIA H100',
      usage: { sampling: 'scraped', memoryTotalMiB: 900 },
    });
    expect([...gpu!.usage.channels.util!.timesSeconds]).toEqual([1_000, 1_001]);
    expect([...gpu!.usage.channels.memUsed!.values]).toEqual([500, 600]);
  });

  it('keeps nodes apart whose GPUs have the same UUIDs', () => {
    const gpus = recordedUsage(
      ['a', 'b'].flatMap((node, at) => [
        series('gpu_info', { ...native, node, model: ['H100', 'L4'][at]! }, 1),
        series('gpu_memory_total_bytes', { ...native, node }, (at + 1) * 2 ** 34),
        series('gpu_utilization_ratio', { ...native, node }, 0.5, 0.5),
      ]),
      nodeLabels,
    );
    expect(gpus).toMatchObject([
      { model: 'H100', usage: { memoryTotalMiB: 2 ** 14 } },
      { model: 'L4', usage: { memoryTotalMiB: 2 ** 15 } },
    ]);
  });

  it('prefers our own families, in our units', () => {
    const gpus = recordedUsage(
      [
        series('DCGM_FI_DEV_GPU_UTIL', { ...dcgm, node: 'a' }, 99),
        series('gpu_utilization_ratio', native, 0.5, 4, -1),
        series('gpu_memory_used_bytes', native, 2 ** 21),
      ],
      nodeLabels,
    );

    expect(gpus).toHaveLength(1);
    // 400 % cannot be, nor can a negative.
    expect([...gpus[0]!.usage.channels.util!.values]).toEqual([50]);
    expect([...gpus[0]!.usage.channels.memUsed!.values]).toEqual([2]);
  });

  it('joins the pieces of one GPU and keeps two nodes apart', () => {
    const gpus = recordedUsage(
      [
        series('gpu_utilization_ratio', { ...native, pod: 'x' }, 0.1),
        {
          labels: { __name__: 'gpu_utilization_ratio', ...native, pod: 'y' },
          points: [[1_010, '0.2']],
        },
        series('gpu_utilization_ratio', { ...native, node: 'b' }, 0.3),
      ],
      nodeLabels,
    );

    expect(gpus.map(({ usage }) => [...usage.channels.util!.values].map(Math.round))).toEqual([
      [10, 20],
      [30],
    ]);
  });

  it('finds none in series of something else', () => {
    expect(recordedUsage([series('up', { job: 'x' }, 1)], nodeLabels)).toEqual([]);
    expect(recordedUsage([series('DCGM_FI_DEV_GPU_UTIL', { gpu: '0' }, 1)], nodeLabels)).toEqual(
      [],
    );
  });
});

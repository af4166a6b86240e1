import type { FakeSeries } from '../fake-prometheus/fake-prometheus.ts';

export const scrapeSeconds = 15;
const families = [
  'DCGM_FI_DEV_GPU_UTIL',
  'DCGM_FI_DEV_MEM_COPY_UTIL',
  'DCGM_FI_DEV_FB_USED',
  'DCGM_FI_DEV_FB_FREE',
];

const nodeName = (node: number): string => `node-${node}`;
export const nodeNames = Array.from({ length: 20 }, (_, node) => nodeName(node));

export function labelsOf(node: number, gpu: number, family: string): Record<string, string> {
  return {
    __name__: family,
    Hostname: nodeName(node),
    instance: `10.0.0.${node}:9400`,
    job: 'dcgm',
    gpu: String(gpu),
    UUID: `GPU-${node}-${gpu}`,
  };
}

export function samples(
  nowSeconds: number,
  value: (at: number) => string,
  minutes = 12,
): [number, string][] {
  const count = (minutes * 60) / scrapeSeconds;
  return Array.from({ length: count }, (_, at) => [
    nowSeconds - (count - at) * scrapeSeconds,
    value(at),
  ]);
}

/** A fleet of dcgm-exporters, 2 GPUs a node. */
export function dcgmFleet(
  nowSeconds: number,
  nodes: number,
  value: (at: number) => string = () => '50',
): FakeSeries[] {
  return Array.from({ length: nodes * 2 }, (_, at) => at).flatMap((at) =>
    families.map((family) => ({
      metric: labelsOf(Math.floor(at / 2), at % 2, family),
      values: samples(nowSeconds, value),
    })),
  );
}

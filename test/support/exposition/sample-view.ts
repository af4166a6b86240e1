import type { PublishedVerdict } from '../../../src/analysis/verdict.ts';
import { gpuView, type GpuView } from '../../../src/app/standalone/gpu-view.ts';
import type { GpuSnapshot } from '../../../src/sampling/snapshot.ts';
import { cyclicVerdict, sampleGpu } from './sample-snapshot.ts';

export const sampleNowMs = 1_700_000_001_000;

/** A GPU as standalone shows it, ten minutes after the verdict began; `verdict` null: none yet. */
export function sampleView(
  index: number,
  verdict: Partial<PublishedVerdict> | null,
  gpu: Partial<GpuSnapshot> = {},
  annotations: Readonly<Record<string, string>> = {},
): GpuView {
  return gpuView(sampleGpu(index, gpu), {
    verdict: verdict === null ? null : { ...cyclicVerdict, sinceSeconds: since, ...verdict },
    annotations,
    heldBy: null,
    history: {},
    nowMs: sampleNowMs,
  });
}

const since = sampleNowMs / 1000 - 600;

export const stalled: Partial<PublishedVerdict> = {
  pattern: 'steady',
  cycle: null,
  stall: true,
  jobType: 'Others',
};
export const heldIdle: Partial<PublishedVerdict> = {
  pattern: 'alloc-idle',
  cycle: null,
  jobType: 'Empty',
  sinceSeconds: sampleNowMs / 1000 - 11_520,
};
export const lost: Partial<GpuSnapshot> = {
  status: { up: false, reason: 'gpu_lost', detail: 'GPU is lost' },
  readings: {},
};

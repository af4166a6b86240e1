import type { FleetUsage } from '../../../src/controller/usage-source.ts';
import { gpuObservation } from './gpu-observation.ts';

export const gpusPerNode = 8;

/** Every node has GPUs that their own node called steady. */
export function steadyFleet(nodeNames: readonly string[]): FleetUsage {
  const seconds = Math.floor(Date.now() / 1_000);
  const gpus = Array.from({ length: gpusPerNode }, (_, index) =>
    gpuObservation({
      index,
      uuid: `GPU-00000000-0000-0000-0000-00000000000${index}`,
      model: 'NVIDIA A100-SXM4-80GB',
      memoryTotalMiB: 81_920,
      usage: null,
      lastSampleMs: seconds * 1_000,
      nodeVerdict: {
        pattern: 'steady',
        jobType: 'Others',
        tentative: false,
        cycle: null,
        confidence: 0.9,
        windowSeconds: 120,
        sampleCount: 480,
        asOfSeconds: seconds,
        sinceSeconds: 1_700_000_000,
        watchedSinceSeconds: 1_600_000_000,
        memCopyMaxPercent: 40,
        memUsedMaxMiB: 60_000,
        utilMeanPercent: 90,
        nextMemUsedMaxMiB: 61_000,
        nextUtilMeanPercent: 90,
        stall: false,
      },
    }),
  );
  return {
    timeMs: Date.now(),
    complete: true,
    problems: [],
    nodes: new Map(nodeNames.map((node) => [node, { node, gpus }])),
    unmatched: [],
  };
}

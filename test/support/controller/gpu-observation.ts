import type { GpuObservation } from '../../../src/controller/usage-source.ts';

/** A GPU of which nothing is known but what the caller says. */
export function gpuObservation(
  known: Partial<GpuObservation> & Pick<GpuObservation, 'usage' | 'lastSampleMs'>,
): GpuObservation {
  return {
    index: 0,
    uuid: 'A',
    model: null,
    driverVersion: null,
    memoryTotalMiB: null,
    pcieGenerationMax: null,
    pcieWidthMax: null,
    simulated: false,
    nodeVerdict: null,
    ...known,
  };
}

import type { DcgmGpu } from './gpus.ts';

export type Freshness =
  /** New values: they are a sample. */
  | 'fresh'
  /** The exporter has not read the GPU again since: no sample. */
  | 'repeated'
  /** The exporter has not read the GPU for so long that its values mean nothing. */
  | 'stale';

/** dcgm-exporter reads the GPUs every 30 s unless told otherwise; after that time equal values are values that did not change. */
export const refreshMs = 30_000;
/** A GPU uses energy all the time, so a counter that stands still for this long is not read any more. */
const staleMs = 600_000;

/**
 * Tells new values from the same ones shown again: dcgm-exporter answers from memory, and only reads the GPU at its own interval.
 * Anything of a GPU that changes (power and energy nearly always do) makes all of its values new.
 */
export function createFreshness(): (gpu: DcgmGpu, nowMs: number) => Freshness {
  let shown = '';
  let sampledMs = Number.NEGATIVE_INFINITY;
  let energy: number | undefined;
  let energyMs = 0;
  return (gpu, nowMs) => {
    if (gpu.readings.energyJoules !== energy || energy === undefined) {
      energy = gpu.readings.energyJoules;
      energyMs = nowMs;
    }
    if (energy !== undefined && energy > 0 && nowMs - energyMs >= staleMs) return 'stale';
    const picture = JSON.stringify([gpu.readings, gpu.instances, gpu.timestampMs]);
    if (picture === shown && nowMs - sampledMs < refreshMs) return 'repeated';
    shown = picture;
    sampledMs = nowMs;
    return 'fresh';
  };
}

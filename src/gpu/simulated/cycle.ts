import { uniformAt } from './noise.ts';

export interface CycleOptions {
  readonly seed: number;
  readonly gpu: number;
  readonly periodSeconds: number;
  /** How much each boundary is off its place, as a share of the period (peak to peak). */
  readonly jitterRatio: number;
}

/**
 * Where in its cycle a repeating job is. Each boundary is displaced by itself, so cycles differ in length but errors do not add up:
 * the mean period is exactly `periodSeconds`. The GPU's phase is random.
 */
export function createCycle(options: CycleOptions): (seconds: number) => CyclePosition {
  const { seed, gpu, periodSeconds, jitterRatio } = options;
  const phase = uniformAt(seed, gpu, 0x7068);
  const boundary = (index: number): number =>
    (index - phase + jitterRatio * (uniformAt(seed, gpu, index) - 0.5)) * periodSeconds;
  return (seconds) => {
    let index = Math.floor(seconds / periodSeconds + phase);
    while (boundary(index) > seconds) index -= 1;
    while (boundary(index + 1) <= seconds) index += 1;
    const start = boundary(index);
    return {
      index,
      ratio: (seconds - start) / (boundary(index + 1) - start),
      seconds: seconds - start,
    };
  };
}

export interface CyclePosition {
  readonly index: number;
  /** 0 at the start of the cycle, below 1 at its end. */
  readonly ratio: number;
  /** Since the start of the cycle. */
  readonly seconds: number;
}

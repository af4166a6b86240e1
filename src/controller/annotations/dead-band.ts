/** How much a number must move before it is written again. All limits are in the unit of the number, or a share of the old value. */
export interface DeadBand {
  /** Up to this: the same, never written for its own sake. */
  readonly same: number;
  readonly sameShare: number;
  /** From this on: written at once; between the two: when the last write is `settledMs` ago. */
  readonly jump: number;
  readonly jumpShare: number;
}

/** A movement between noise and jump is written only this long after the last write, which bounds what noise can cost. */
export const settledMs = 10 * 60_000;

const never = Number.POSITIVE_INFINITY;

/** Per number of a profile entry. Widths: a little above the scatter of the same workload from window to window. */
export const deadBands = {
  periodSeconds: { same: 0, sameShare: 0.03, jump: 0, jumpShare: 0.1 },
  apparentPeriodSeconds: { same: 0, sameShare: 0.1, jump: never, jumpShare: 0 },
  slowerPeriodSeconds: { same: 0, sameShare: 0.1, jump: never, jumpShare: 0 },
  confidence: { same: 0.15, sameShare: 0, jump: never, jumpShare: 0 },
  duty: { same: 0.1, sameShare: 0, jump: 0.3, jumpShare: 0 },
  utilSpread: { same: 15, sameShare: 0, jump: never, jumpShare: 0 },
  memUtilMax: { same: 3, sameShare: 0, jump: 10, jumpShare: 0 },
  memMaxMiB: { same: 256, sameShare: 0.05, jump: 1024, jumpShare: 0.25 },
  nextMemMaxMiB: { same: 256, sameShare: 0.05, jump: 1024, jumpShare: 0.25 },
  nextUtil: { same: 15, sameShare: 0, jump: never, jumpShare: 0 },
} as const satisfies Readonly<Record<string, DeadBand>>;

export type BandedName = keyof typeof deadBands;

export type Movement = 'same' | 'slow' | 'jump';

/** How far a number has moved from what was written. */
export function movement(band: DeadBand, before: number, now: number): Movement {
  const step = Math.abs(now - before);
  if (step <= Math.max(band.same, band.sameShare * Math.abs(before))) return 'same';
  return step >= Math.max(band.jump, band.jumpShare * Math.abs(before)) ? 'jump' : 'slow';
}

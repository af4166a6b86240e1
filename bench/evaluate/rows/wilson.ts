/** z of a two-sided 95 % interval. */
const z = 1.959_963_984_540_054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval of a rate, 95 % (Wilson 1927, JASA 22:209): unlike p ± z s it stays within 0 to 1 and does not shrink to nothing at 0 or 100 %.
 * `hits` may be fractional (a sum of rates). Null without trials.
 */
export function wilson(hits: number, trials: number): Interval | null {
  if (trials <= 0) return null;
  const rate = hits / trials;
  const centre = rate + (z * z) / (2 * trials);
  const half = z * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return {
    low: Math.max(0, (centre - half) / scale),
    high: Math.min(1, (centre + half) / scale),
  };
}

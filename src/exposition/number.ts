/**
 * A ratio from percent. Division, not multiplication by 0.01: it rounds once, so 41 becomes 0.41 and not 0.41000000000000003.
 * Means carry digits that no driver measured; six decimals are kept.
 */
export function ratioOf(percent: number | null | undefined): number | undefined {
  if (percent === null || percent === undefined) return undefined;
  return Math.round(percent * 10_000) / 1_000_000;
}

/** Rounded to microseconds, millionths of a joule, and so on: shorter text, and growing counters stay growing. */
export function rounded(value: number | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  return Math.round(value * 1e6) / 1e6;
}

/** Wall clock in seconds, to the millisecond. */
export function secondsOf(timeMs: number | null | undefined): number | undefined {
  if (timeMs === null || timeMs === undefined) return undefined;
  return Math.round(timeMs) / 1_000;
}

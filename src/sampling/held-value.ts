import type { Ring } from './ring.ts';
import type { UtilisationWindow } from './snapshot.ts';

/**
 * How long a sample counts: drivers report utilisation as the mean since the sample before, so a value holds backwards to
 * that one, but for no longer than `gapCapMs`: across a longer gap nothing is known, and nothing is counted.
 */
export function heldMs(previousMs: number, timeMs: number, gapCapMs: number): number {
  return Math.min(Math.max(0, timeMs - previousMs), gapCapMs);
}

/** Mean weighted by how long each sample holds, and maximum, over the samples of the last `windowMs`; null without samples. */
export function windowOf(
  ring: Ring,
  nowMs: number,
  windowMs: number,
  gapCapMs: number,
): UtilisationWindow | null {
  const startMs = nowMs - windowMs;
  const first = ring.firstAfter(startMs);
  const count = ring.length - first;
  if (count === 0) return null;
  let weightMs = 0;
  let weighted = 0;
  let sum = 0;
  let max = 0;
  for (let i = first; i < ring.length; i += 1) {
    const value = ring.value(i);
    // The part of the first sample's time that lies before the window does not count.
    const timeMs = ring.timeMs(i);
    const previousMs = i === 0 ? timeMs : Math.max(startMs, ring.timeMs(i - 1));
    const ms = heldMs(previousMs, timeMs, gapCapMs);
    weightMs += ms;
    weighted += value * ms;
    sum += value;
    max = Math.max(max, value);
  }
  return {
    windowSeconds: windowMs / 1_000,
    sampleCount: count,
    meanPercent: weightMs > 0 ? weighted / weightMs : sum / count,
    maxPercent: max,
  };
}

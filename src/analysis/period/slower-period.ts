import { usableWindow } from '../pattern/windows.ts';
import type { GridSeries } from '../series/grid.ts';
import { detector } from '../thresholds.ts';
import type { UsageChannel } from '../verdict.ts';
import { detectPeriod } from './detect.ts';
import { isGoingOn } from './ongoing.ts';

/** Where a cycle was found. */
export interface FirmCycle {
  readonly channel: UsageChannel;
  readonly periodSeconds: number;
  readonly windowSeconds: number;
  /** The whole channel, not only the window. */
  readonly grid: GridSeries;
}

/**
 * A slower cycle on top of a firm one, as a checkpoint every twenty steps; seconds, null without. Means over one period of the faster cycle leave
 * nothing of it, even where its phase wanders, as a boxcar's response is zero at all its harmonics; what is left is searched with the same test as every series, in the
 * window of the faster cycle and the longer ones. Of four periods at least, as four samples show a shape. (Subtracting the folded mean leaves the edges of cycles that
 * jitter.) Measured: see slower-period.test.ts.
 */
export function* findSlowerPeriod(
  { channel, periodSeconds, windowSeconds, grid: whole }: FirmCycle,
  lengths: readonly number[],
  endSeconds: number,
): Generator<void, number | null> {
  const leastSeconds = detector.minPeriodSamples * periodSeconds;
  const leastWindow = Math.max(windowSeconds, detector.firmCycles * leastSeconds);
  const tried = lengths.filter((seconds) => seconds >= leastWindow);
  for (const seconds of tried) {
    const part = usableWindow(whole, seconds, endSeconds);
    if (part === null) continue;
    const grid = withoutCycle(part, periodSeconds);
    yield;
    const found = yield* detectPeriod([{ channel, grid }]);
    if (found === null || found.cycles < detector.firmCycles) continue;
    // Each window is a chance of its own to find what is not there.
    if (found.pValue >= detector.alpha / tried.length) continue;
    if (isGoingOn(grid, found.periodSeconds)) return found.periodSeconds;
  }
  return null;
}

/**
 * Means over one period after the other (any fraction of samples), the last one ending with the series: by differences of the running sum. Blocks, not moving means,
 * because these would be correlated with their neighbours in a way that no null of the test knows.
 */
function withoutCycle(grid: GridSeries, periodSeconds: number): GridSeries {
  const { values, stepSeconds } = grid;
  const width = periodSeconds / stepSeconds;
  const sums = new Float64Array(values.length + 2);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  sums[values.length + 1] = sums[values.length]!;
  const sumUntil = (end: number): number => {
    const below = Math.floor(end);
    return sums[below]! + (end - below) * (sums[below + 1]! - sums[below]!);
  };
  const count = Math.floor(values.length / width);
  const first = values.length - count * width;
  const means = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    means[i] = (sumUntil(first + (i + 1) * width) - sumUntil(first + i * width)) / width;
  }
  return {
    startSeconds: grid.startSeconds + (first + width / 2) * stepSeconds,
    stepSeconds: periodSeconds,
    values: means,
    covered: new Uint8Array(count).fill(1),
  };
}

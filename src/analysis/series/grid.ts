import type { UsageSeries } from '../verdict.ts';
import { sufficiency } from '../thresholds.ts';
import { medianInPlace } from './statistics.ts';

/** A series at even steps. Point i stands at startSeconds + i x stepSeconds. */
export interface GridSeries {
  readonly startSeconds: number;
  readonly stepSeconds: number;
  readonly values: Float64Array;
  /** 1 where a sample lies near the point, 0 where the value is only interpolated across a gap. */
  readonly covered: Uint8Array;
}

/** bound: a ring of 60 minutes at 10 Hz; a longer one is taken at coarser steps rather than eating the memory. */
const maxPoints = 36_000;

/** What is covered of a series without a gap, shared by all of them; only ever read. */
let allCovered = new Uint8Array(0);

function ofEvenSamples({ timesSeconds, values }: UsageSeries, stepSeconds: number): GridSeries {
  if (allCovered.length < values.length) allCovered = new Uint8Array(2 * values.length).fill(1);
  const covered = allCovered.subarray(0, values.length);
  return { startSeconds: timesSeconds[0]!, stepSeconds, values, covered };
}

function areEven(timesSeconds: Float64Array): boolean {
  const step = timesSeconds[1]! - timesSeconds[0]!;
  for (let i = 2; i < timesSeconds.length; i++) {
    if (timesSeconds[i]! - timesSeconds[i - 1]! !== step) return false;
  }
  return true;
}

function interpolate(series: UsageSeries, stepSeconds: number): GridSeries {
  const { timesSeconds, values } = series;
  const last = timesSeconds.length - 1;
  const startSeconds = timesSeconds[0]!;
  const points = Math.round((timesSeconds[last]! - startSeconds) / stepSeconds) + 1;
  const grid = new Float64Array(points);
  const covered = new Uint8Array(points);
  const near = sufficiency.nearSteps * stepSeconds;
  let right = 1;
  for (let i = 0; i < points; i++) {
    const time = startSeconds + i * stepSeconds;
    while (right < last && timesSeconds[right]! < time) right++;
    const t0 = timesSeconds[right - 1]!;
    const t1 = timesSeconds[right]!;
    const share = Math.min(1, Math.max(0, (time - t0) / (t1 - t0)));
    grid[i] = values[right - 1]! + (values[right]! - values[right - 1]!) * share;
    covered[i] = time - t0 <= near || Math.abs(t1 - time) <= near ? 1 : 0;
  }
  return { startSeconds, stepSeconds, values: grid, covered };
}

/** Share (0-1) of the points without a sample nearby. */
export function missingShare(grid: GridSeries): number {
  let covered = 0;
  for (let i = 0; i < grid.covered.length; i++) covered += grid.covered[i]!;
  return 1 - covered / grid.covered.length;
}

/**
 * Puts sanitised samples on an even grid whose step is their median interval, by linear interpolation; those that are even already are taken as they are.
 * Where that leaves too much uncovered (two loggers interleaved, repeated stamps), the mean interval is tried. Null for fewer than two samples.
 */
export function toGrid(series: UsageSeries): GridSeries | null {
  const { timesSeconds } = series;
  const intervals = timesSeconds.length - 1;
  if (intervals < 1) return null;
  if (intervals < maxPoints && areEven(timesSeconds)) {
    return ofEvenSamples(series, timesSeconds[1]! - timesSeconds[0]!);
  }
  const gaps = new Float64Array(intervals);
  for (let i = 0; i < intervals; i++) gaps[i] = timesSeconds[i + 1]! - timesSeconds[i]!;
  const span = timesSeconds[intervals]! - timesSeconds[0]!;
  const stepSeconds = Math.max(medianInPlace(gaps), span / maxPoints);
  const grid = interpolate(series, stepSeconds);
  if (missingShare(grid) <= sufficiency.maxMissingShare) return grid;
  const meanStep = span / intervals;
  return meanStep > stepSeconds ? interpolate(series, meanStep) : grid;
}

/** The part of a grid in the last `seconds` before `endSeconds`; shares the memory of the whole. Null when fewer than two points are left. */
export function lastSeconds(
  grid: GridSeries,
  seconds: number,
  endSeconds: number,
): GridSeries | null {
  const { startSeconds, stepSeconds, values, covered } = grid;
  // Half a step of tolerance, so that rounding does not drop a point on the edge.
  const first = Math.max(0, Math.ceil((endSeconds - seconds - startSeconds) / stepSeconds - 0.5));
  if (values.length - first < 2) return null;
  if (first === 0) return grid;
  return {
    startSeconds: startSeconds + first * stepSeconds,
    stepSeconds,
    values: values.subarray(first),
    covered: covered.subarray(first),
  };
}

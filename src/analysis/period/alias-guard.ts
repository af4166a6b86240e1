import { usableWindow } from '../pattern/windows.ts';
import type { GridSeries } from '../series/grid.ts';
import { intervalsOf, isRandomised } from '../intervals.ts';
import type { PreparedUsage } from '../series/prepare.ts';
import { mean } from '../series/statistics.ts';
import { aliasing, detector } from '../thresholds.ts';
import type { GpuUsage, UsageChannel } from '../verdict.ts';
import type { Detection } from './detect.ts';
import { edgesOf, isRegular } from './edge-intervals.ts';

/** Where a period was found. */
export interface Found extends Pick<
  Detection,
  'channel' | 'periodSeconds' | 'samplesPerPeriod' | 'pValue'
> {
  readonly windowSeconds: number;
}

/**
 * Whether a period cannot be the alias of a faster one, so that the number may be shown. It needs four samples per period, taken on the node, in its own channel or
 * in another that shows the same period:
 * - at random intervals, with which nothing keeps in step (a faster cycle is found as what it is: fast-step), where it is hardly chance (a small p, or every rise in time): something
 *   too fast to be found looks like noise, or
 * - means over even intervals, as the driver's ring of utilisation holds them, that move more than means of something faster could, or
 * - at even intervals so short that nothing is faster.
 */
export function excludesAlias(
  prepared: PreparedUsage,
  found: Found,
  sampling: GpuUsage['sampling'],
): boolean {
  if (sampling !== 'native' || found.samplesPerPeriod < detector.minPeriodSamples) return false;
  return prepared.channels.some((channel) => {
    const whole = prepared.grid(channel);
    const grid = whole && usableWindow(whole, found.windowSeconds, prepared.endSeconds);
    if (grid === null) return false;
    const shown = repetition(grid, found.periodSeconds);
    if (channel !== found.channel && !isSame(shown)) return false;
    return isTrusted(prepared, channel, found, { ...shown, grid });
  });
}

function isTrusted(
  prepared: PreparedUsage,
  channel: UsageChannel,
  { periodSeconds, windowSeconds, pValue }: Found,
  { deviation, fastShare, grid }: Repetition & { readonly grid: GridSeries },
): boolean {
  const intervals = intervalsOf(prepared.recent(channel, windowSeconds).timesSeconds);
  if (intervals === null) return false;
  if (isRandomised(intervals)) {
    if (pValue < aliasing.shownP) return true;
    return isRegular(edgesOf(grid.values).intervals, periodSeconds / grid.stepSeconds);
  }
  const { meanSeconds } = intervals;
  if (meanSeconds <= aliasing.fastSamplingSeconds) return true;
  const isMean = channel === 'util' || channel === 'memCopy';
  if (!isMean || meanSeconds > aliasing.averagedSeconds) return false;
  if (fastShare > aliasing.mostFastShare) return false;
  return deviation > largestAliasDeviation(periodSeconds / meanSeconds);
}

/**
 * Largest standard deviation, percent points, that the alias of a faster cycle can have in means over even intervals, when it shows with `samplesPerPeriod`: to do
 * so, an interval must hold a whole number of its cycles but for 1 / samplesPerPeriod of one. One that goes from 0 to 100 then moves the mean by
 * 1 / (samplesPerPeriod - 1) of that at most, and what moves by A has a deviation of A / 2 at most (Popoviciu).
 */
function largestAliasDeviation(samplesPerPeriod: number): number {
  return 50 / (samplesPerPeriod - 1) + aliasing.roundingPercent / 2;
}

interface Repetition {
  /** Correlation with itself one period and half a period later, without what is slower than the period. */
  readonly inPhase: number;
  readonly antiphase: number;
  /** Of what repeats: the root of the covariance one period apart. */
  readonly deviation: number;
  /** Share of the variance that means over four samples lose: what is faster than four samples, where a multiple of an alias shows. */
  readonly fastShare: number;
}

function isSame({ inPhase, antiphase }: Repetition): boolean {
  return inPhase >= aliasing.confirmingCorrelation && inPhase - antiphase >= detector.minContrast;
}

function repetition(grid: GridSeries, periodSeconds: number): Repetition {
  const period = periodSeconds / grid.stepSeconds;
  const fast = withoutSlower(grid.values, Math.round(period));
  const variance = covariance(fast, 0);
  const together = covariance(fast, Math.round(period));
  return {
    inPhase: variance > 0 ? together / variance : 0,
    antiphase: variance > 0 ? covariance(fast, Math.round(period / 2)) / variance : 0,
    deviation: Math.sqrt(Math.max(0, together)),
    fastShare:
      variance > 0 ? covariance(withoutSlower(fast, detector.minPeriodSamples), 0) / variance : 1,
  };
}

/** Minus the mean over one period around each value; the ends, where there is no whole one, are left out. */
function withoutSlower(values: Float64Array, width: number): Float64Array {
  const count = values.length - width;
  if (count < 1) return new Float64Array(0);
  let total = mean(values.subarray(0, width)) * width;
  const middle = width >> 1;
  return Float64Array.from({ length: count }, (_, i) => {
    const here = values[i + middle]! - total / width;
    total += values[i + width]! - values[i]!;
    return here;
  });
}

function covariance(values: Float64Array, lag: number): number {
  const count = values.length - lag;
  if (count < 1) return 0;
  let total = 0;
  for (let i = 0; i < count; i++) total += values[i]! * values[i + lag]!;
  return total / count;
}

import { clip, detrendInPlace } from '../series/detrend.ts';
import { movingValues } from '../series/channels.ts';
import { decimate } from '../series/decimate.ts';
import type { GridSeries } from '../series/grid.ts';
import type { ChannelEvidence, ChannelOutcome, EvidenceObserver } from '../evidence.ts';
import { deviation } from '../series/statistics.ts';
import { detector, sufficiency } from '../thresholds.ts';
import type { UsageChannel } from '../verdict.ts';
import { contrastNear, exactContrasts } from './comb.ts';
import { chooseIndex, fundamentalOf, refinePeriod } from './refine.ts';
import { significance } from './significance.ts';
import { tablesFor, type Tables } from './tables.ts';

export interface Detection {
  readonly channel: UsageChannel;
  readonly periodSeconds: number;
  readonly cycles: number;
  readonly pValue: number;
  /** Samples per period on the grid that the test saw. */
  readonly samplesPerPeriod: number;
  /** Of the comb at the period, at most 2. */
  readonly contrast: number;
}

export interface ChannelGrid {
  readonly channel: UsageChannel;
  readonly grid: GridSeries;
}

/** One channel of one window with its comb, before any test. `indexes`: the periods worth one. */
export interface Scan extends ChannelGrid {
  readonly tables: Tables;
  readonly stepSeconds: number;
  readonly values: Float64Array;
  readonly correlation: Float64Array;
  readonly contrast: Float32Array;
  readonly indexes: readonly number[];
  readonly bestContrast: number;
}

/**
 * The cycle in one window, or null. Channels are tested in the order of their contrast and the first firm one is taken (fewer than four cycles: only if no
 * other is firm). Most series without a cycle end before any surrogate is drawn. `observe` is told what became of each channel.
 */
export function* detectPeriod(
  channels: readonly ChannelGrid[],
  observe?: EvidenceObserver,
): Generator<void, Detection | null> {
  const scans: Scan[] = [];
  let moving = 0;
  for (const { channel, grid } of channels) {
    const { values, factor } = decimate(grid.values);
    if (values.length < sufficiency.minSamples) continue;
    const usable = movingValues(channel, values);
    yield;
    if (usable === null) {
      observe?.({ ...placeOf(channel, grid, values.length), ...nothing, outcome: 'still' });
      continue;
    }
    moving++;
    const found = layComb({ channel, grid }, usable, grid.stepSeconds * factor);
    yield;
    if (found.indexes.length > 0) scans.push(found);
    else observe?.(evidenceOf(found, 'no-comb'));
  }
  scans.sort((a, b) => b.bestContrast - a.bestContrast);
  let tentative: Detection | null = null;
  for (const [i, each] of scans.entries()) {
    const detection = yield* test(each, detector.alpha / moving, observe);
    if (detection !== null && detection.cycles >= detector.firmCycles) {
      for (const rest of scans.slice(i + 1)) observe?.(evidenceOf(rest, 'untested'));
      return detection;
    }
    tentative ??= detection;
  }
  return tentative;
}

/** Null for too few samples, or where the channel moves too little. */
export function scan({ channel, grid }: ChannelGrid): Scan | null {
  const { values, factor } = decimate(grid.values);
  const usable = values.length < sufficiency.minSamples ? null : movingValues(channel, values);
  return usable && layComb({ channel, grid }, usable, grid.stepSeconds * factor);
}

function layComb(source: ChannelGrid, usable: Float64Array, stepSeconds: number): Scan {
  const values = clip(usable);
  const n = values.length;
  const tables = tablesFor(n);
  const { autocorrelation, comb } = tables;
  const detrended = Float64Array.from(values);
  const scratch = new Float64Array(n);
  detrendInPlace(detrended, scratch);
  const correlation = new Float64Array(autocorrelation.maxLag + 1);
  autocorrelation.compute(detrended, detrended, correlation, new Float64Array(correlation.length));
  const contrast = new Float32Array(comb.periods.length);
  const inPhase = new Float32Array(comb.periods.length);
  comb.score(correlation, contrast, 0, inPhase);
  const indexes = isMostlyTrend(values, detrended) ? [] : worthTesting(contrast, inPhase);
  const bestContrast = indexes.reduce((best, p) => Math.max(best, contrast[p]!), 0);
  return {
    ...source,
    stepSeconds,
    values,
    tables,
    correlation,
    contrast,
    indexes,
    bestContrast,
  };
}

function isMostlyTrend(values: Float64Array, detrended: Float64Array): boolean {
  return deviation(detrended) < detector.minDetrendedShare * deviation(values);
}

function worthTesting(contrast: Float32Array, inPhase: Float32Array): number[] {
  const indexes: number[] = [];
  for (let p = 0; p < contrast.length; p++) {
    if (contrast[p]! >= detector.minContrast && inPhase[p]! >= detector.minInPhase) indexes.push(p);
  }
  return indexes;
}

function* test(
  found: Scan,
  alpha: number,
  observe: EvidenceObserver | undefined,
): Generator<void, Detection | null> {
  const pValues = yield* significance(found, found.tables, alpha, (pValue) =>
    observe?.({ ...evidenceOf(found, 'chance'), pValue, neededP: alpha }),
  );
  if (pValues === null) return null;
  const significant = found.indexes.filter((_, i) => pValues[i]! < alpha);
  const { correlation } = found;
  const { comb } = found.tables;
  const contrasts = exactContrasts(correlation, comb.periods);
  const index = chooseIndex(comb.periods, contrasts, significant);
  const period = fundamentalOf(correlation, refinePeriod(correlation, comb.periods[index]!));
  const at = found.indexes.indexOf(index);
  const pValue = at >= 0 ? pValues[at]! : Math.min(...pValues);
  const periodSeconds = period * found.stepSeconds;
  observe?.({ ...evidenceOf(found, 'cyclic'), pValue, neededP: alpha, periodSeconds });
  return {
    channel: found.channel,
    periodSeconds,
    cycles: found.values.length / period,
    pValue,
    samplesPerPeriod: period,
    contrast: contrastNear(correlation, period),
  };
}

const nothing = {
  correlation: null,
  bestContrast: null,
  pValue: null,
  neededP: null,
  periodSeconds: null,
};

function placeOf(
  channel: UsageChannel,
  grid: GridSeries,
  samples: number,
): Omit<ChannelEvidence, 'outcome' | keyof typeof nothing> {
  const windowSeconds = (grid.values.length - 1) * grid.stepSeconds;
  const stepSeconds = (grid.stepSeconds * grid.values.length) / samples;
  return { channel, startSeconds: grid.startSeconds, windowSeconds, stepSeconds, samples };
}

function evidenceOf(found: Scan, outcome: ChannelOutcome): ChannelEvidence {
  const { channel, grid, values, stepSeconds, correlation, contrast } = found;
  const place = placeOf(channel, grid, values.length);
  const bestContrast = contrast.reduce((best, each) => Math.max(best, each), -Infinity);
  return { ...place, ...nothing, outcome, stepSeconds, correlation, bestContrast };
}

import { clip, detrendInPlace } from '../series/detrend.ts';
import { movingValues } from '../series/channels.ts';
import { decimate } from '../series/decimate.ts';
import type { GridSeries } from '../series/grid.ts';
import { detector, sufficiency } from '../thresholds.ts';
import type { UsageChannel } from '../verdict.ts';
import { Autocorrelation } from './autocorrelation.ts';
import { Comb } from './comb.ts';
import { chooseIndex, fundamentalOf, refinePeriod } from './refine.ts';
import { significance } from './significance.ts';

export interface Detection {
  readonly channel: UsageChannel;
  readonly periodSeconds: number;
  readonly cycles: number;
  readonly pValue: number;
  /** Samples per period on the grid that the test saw. */
  readonly samplesPerPeriod: number;
}

export interface ChannelGrid {
  readonly channel: UsageChannel;
  readonly grid: GridSeries;
}

/** Tables for one series length, shared by the channels that have it. */
interface Tools {
  readonly autocorrelation: Autocorrelation;
  readonly comb: Comb;
}

interface Scan extends Tools {
  readonly channel: UsageChannel;
  readonly stepSeconds: number;
  readonly values: Float64Array;
  readonly correlation: Float64Array;
  readonly contrast: Float32Array;
  readonly indexes: readonly number[];
  readonly bestContrast: number;
}

/**
 * The cycle in one window, or null. Channels are tested in the order of their contrast and the first firm one is taken (fewer than four cycles: only if no
 * other is firm). Most series without a cycle end before any surrogate is drawn.
 */
export function* detectPeriod(channels: readonly ChannelGrid[]): Generator<void, Detection | null> {
  const scans: Scan[] = [];
  const toolsByLength = new Map<number, Tools>();
  let moving = 0;
  for (const { channel, grid } of channels) {
    const { values, factor } = decimate(grid.values);
    if (values.length < sufficiency.minSamples) continue;
    const usable = movingValues(channel, values);
    yield;
    if (usable === null) continue;
    moving++;
    const tools = toolsByLength.get(values.length) ?? makeTools(values.length);
    toolsByLength.set(values.length, tools);
    const found = scan(channel, usable, grid.stepSeconds * factor, tools);
    yield;
    if (found !== null) scans.push(found);
  }
  scans.sort((a, b) => b.bestContrast - a.bestContrast);
  let tentative: Detection | null = null;
  for (const each of scans) {
    const detection = yield* test(each, detector.alpha / moving);
    if (detection !== null && detection.cycles >= detector.firmCycles) return detection;
    tentative ??= detection;
  }
  return tentative;
}

function makeTools(length: number): Tools {
  const autocorrelation = new Autocorrelation(length);
  return { autocorrelation, comb: new Comb(length, autocorrelation.maxLag) };
}

function scan(
  channel: UsageChannel,
  usable: Float64Array,
  stepSeconds: number,
  tools: Tools,
): Scan | null {
  const values = clip(usable);
  const n = values.length;
  const { autocorrelation, comb } = tools;
  const detrended = Float64Array.from(values);
  const scratch = new Float64Array(n);
  detrendInPlace(detrended, scratch);
  const correlation = new Float64Array(autocorrelation.maxLag + 1);
  autocorrelation.compute(detrended, detrended, correlation, new Float64Array(correlation.length));
  const contrast = new Float32Array(comb.periods.length);
  const inPhase = new Float32Array(comb.periods.length);
  comb.score(correlation, contrast, 0, inPhase);
  const indexes: number[] = [];
  let bestContrast = 0;
  for (let p = 0; p < contrast.length; p++) {
    if (contrast[p]! < detector.minContrast || inPhase[p]! < detector.minInPhase) continue;
    indexes.push(p);
    bestContrast = Math.max(bestContrast, contrast[p]!);
  }
  if (indexes.length === 0) return null;
  return {
    channel,
    stepSeconds,
    values,
    ...tools,
    correlation,
    contrast,
    indexes,
    bestContrast,
  };
}

function* test(found: Scan, alpha: number): Generator<void, Detection | null> {
  const pValues = yield* significance(found, found, alpha);
  if (pValues === null) return null;
  const significant = found.indexes.filter((_, i) => pValues[i]! < alpha);
  const index = chooseIndex(found.comb.periods, found.contrast, significant);
  const { correlation, comb } = found;
  const period = fundamentalOf(correlation, refinePeriod(correlation, comb.periods[index]!));
  const at = found.indexes.indexOf(index);
  return {
    channel: found.channel,
    periodSeconds: period * found.stepSeconds,
    cycles: found.values.length / period,
    pValue: at >= 0 ? pValues[at]! : Math.min(...pValues),
    samplesPerPeriod: period,
  };
}

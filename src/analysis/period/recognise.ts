import { usableWindow, spanOf } from '../pattern/windows.ts';
import type { PreparedUsage } from '../series/prepare.ts';
import { detector, recognition, windows } from '../thresholds.ts';
import type { GridSeries } from '../series/grid.ts';
import type { Cycle, GpuUsage, UsageChannel, Verdict } from '../verdict.ts';
import { excludesAlias } from './alias-guard.ts';
import { contrastNear } from './comb.ts';
import { describeCycle } from './cycle.ts';
import { scan, type ChannelGrid, type Scan } from './detect.ts';
import type { FoundCycle } from './find-cycle.ts';
import { isGoingOn } from './ongoing.ts';
import { fundamentalOf, refinePeriod } from './refine.ts';

/** What was said of a GPU before, as far as it matters here. */
export type KnownVerdict = Pick<Verdict, 'cycle' | 'windowSeconds' | 'asOfSeconds'>;

/**
 * A firm cycle that was found not long ago, if it still goes on: its channel shows the same period in the same window about as clearly as when it was last
 * searched for, neither any other period much better nor a shorter one as well, and no shorter window another. One comb instead of hundreds. Null where a full search is needed: nothing
 * firm is known, it is different now, or it is time to look at everything again. p is that of the last full search, everything else is measured anew but the
 * slower cycle on top.
 */
export function* recognise(
  prepared: PreparedUsage,
  usage: GpuUsage,
  lengths: readonly number[],
  verdict: KnownVerdict | null,
): Generator<void, FoundCycle | null> {
  const now = prepared.endSeconds;
  const known = verdict && recentCycle(verdict, now, usage.sampling);
  if (verdict === null || known === null) return null;
  const { channel, pValue, slowerPeriodSeconds, searched } = known;
  const whole = prepared.grid(channel);
  yield;
  const grid = whole && usableWindow(whole, windowNow(verdict, lengths, now), now);
  const found = grid && scan({ channel, grid });
  yield;
  const period = found && samePeriod(found, known);
  if (whole === null || grid === null || found === null || period === null) return null;
  const periodSeconds = period * found.stepSeconds;
  const cycles = found.values.length / period;
  if (cycles < detector.firmCycles || !isGoingOn(grid, periodSeconds)) return null;
  yield;
  const shorter = lengths.filter((seconds) => seconds * windows.minGrowth < spanOf(grid));
  if (yield* showAnother({ channel, whole, shorter, now }, known)) return null;
  const windowSeconds = spanOf(grid);
  const detection = { channel, periodSeconds, cycles, pValue, samplesPerPeriod: period };
  const isSure = excludesAlias(prepared, { ...detection, windowSeconds }, usage.sampling);
  const described = describeCycle(detection, grid, isSure);
  return { cycle: { ...described, slowerPeriodSeconds, searched }, windowSeconds };
}

/** The cycle of a verdict with its age now; null where none is firm or sure, or where it has to be searched for again. */
function recentCycle(
  { cycle, asOfSeconds }: KnownVerdict,
  nowSeconds: number,
  sampling: GpuUsage['sampling'],
): Required<Cycle> | null {
  if (cycle?.searched === undefined || cycle.cycles < detector.firmCycles) return null;
  // p, and with it whether the period may be shown, gets better only by a search in more data.
  if (sampling === 'native' && !cycle.publishable) return null;
  const ageSeconds = cycle.searched.ageSeconds + (nowSeconds - asOfSeconds);
  if (!(ageSeconds >= 0 && ageSeconds < recognition.searchSeconds)) return null;
  return { ...cycle, searched: { ...cycle.searched, ageSeconds } };
}

/** The window in which it was found, which grows with the data until it is as long as it may be. */
function windowNow(known: KnownVerdict, lengths: readonly number[], nowSeconds: number): number {
  const { windowSeconds, asOfSeconds } = known;
  const full =
    lengths.find((seconds) => seconds * windows.minGrowth >= windowSeconds) ?? windowSeconds;
  return Math.min(full, windowSeconds + (nowSeconds - asOfSeconds));
}

/** The known period (samples) as it is now; null where it is not what a search would choose. */
function samePeriod(found: Scan, known: Required<Cycle>): number | null {
  const { correlation, contrast, indexes, bestContrast, tables } = found;
  const before = known.periodSeconds / found.stepSeconds;
  if (before < detector.minPeriodSamples) return null;
  const period = fundamentalOf(correlation, refinePeriod(correlation, before));
  if (Math.abs(period / before - 1) > detector.refineMaxShift) return null;
  const here = contrastNear(correlation, period);
  const least = detector.smallestShare * Math.max(bestContrast, known.searched.contrast);
  if (here < detector.minContrast || here < least) return null;
  const shortest = period * (1 - detector.refineMaxShift);
  const enough = detector.smallestShare * bestContrast;
  const first = indexes.find((p) => contrast[p]! >= enough);
  return first !== undefined && tables.comb.periods[first]! < shortest ? null : period;
}

/**
 * Whether a shorter window, where nothing firm was found before, shows another period as clearly as the known one was seen: a job that has changed its step is
 * seen there minutes before the longer window loses the old one.
 */
function* showAnother(
  end: {
    readonly channel: UsageChannel;
    readonly whole: GridSeries;
    readonly shorter: readonly number[];
    readonly now: number;
  },
  known: Required<Cycle>,
): Generator<void, boolean> {
  for (const seconds of end.shorter) {
    const grid = usableWindow(end.whole, seconds, end.now);
    if (grid !== null && showsAnother({ channel: end.channel, grid }, known)) return true;
    yield;
  }
  return false;
}

function showsAnother(end: ChannelGrid, known: Required<Cycle>): boolean {
  const found = scan(end);
  if (found === null) return false;
  const { contrast, indexes, bestContrast, tables, stepSeconds } = found;
  if (bestContrast < detector.smallestShare * known.searched.contrast) return false;
  const enough = detector.smallestShare * bestContrast;
  const first = tables.comb.periods[indexes.find((p) => contrast[p]! >= enough)!]!;
  return Math.abs((first * stepSeconds) / known.periodSeconds - 1) > detector.refineMaxShift;
}

import type { ChannelEvidence, EvidenceObserver } from '../evidence.ts';
import { spanOf, usableWindow, windowsSinceChange } from '../pattern/windows.ts';
import type { PreparedUsage } from '../series/prepare.ts';
import { detector, ending } from '../thresholds.ts';
import type { Cycle, GpuUsage } from '../verdict.ts';
import { excludesAlias } from './alias-guard.ts';
import { describeCycle } from './cycle.ts';
import { detectPeriod, type ChannelGrid, type Detection } from './detect.ts';
import { isGoingOn } from './ongoing.ts';

export interface FoundCycle {
  readonly cycle: Cycle;
  readonly windowSeconds: number;
}

/** `ended`: the only cycle there was has come to its end; null: there was none. */
export type CycleSearch = FoundCycle | 'ended' | null;

/** Whether a job with a cycle of this period (seconds) is known to be over, by something else than the channel that cycled. */
type IsOver = (periodSeconds: number) => boolean;

interface Observed {
  readonly observe: EvidenceObserver | undefined;
  readonly isOver: IsOver;
}

/**
 * The firm cycle of the shortest window (of a longer one with the same period, where only that can be told from an alias), else what the window since the last change of level shows (the start of a job outweighs its cycles), else the first
 * tentative one.
 */
export function* findCycle(
  prepared: PreparedUsage,
  usage: GpuUsage,
  lengths: readonly number[],
  observe: EvidenceObserver | undefined,
  isOver: IsOver = () => false,
): Generator<void, CycleSearch> {
  const observed = { observe, isOver };
  const found = yield* findCycleIn(prepared, usage, lengths, observed);
  if (isFirm(found)) return found;
  const activity = prepared.grid('util') ?? prepared.grid('power');
  if (activity === null) return found;
  const since = windowsSinceChange(activity, lengths, prepared.endSeconds);
  yield;
  const restarted = yield* findCycleIn(prepared, usage, since, observed);
  if (restarted === null || restarted === 'ended') return found ?? restarted;
  return found === null || found === 'ended' || isFirm(restarted) ? restarted : found;
}

function isFirm(found: CycleSearch): found is FoundCycle {
  return found !== null && found !== 'ended' && found.cycle.cycles >= detector.firmCycles;
}

function* findCycleIn(
  prepared: PreparedUsage,
  usage: GpuUsage,
  lengths: readonly number[],
  observed: Observed,
): Generator<void, CycleSearch> {
  let first: CycleSearch = null;
  for (const seconds of lengths) {
    const found = yield* findCycleAt(prepared, usage, seconds, observed);
    if (isFirm(first)) {
      // The longer window may make the period of the shorter one sure; it does not put another in its place.
      if (isFirm(found) && found.cycle.publishable && isSamePeriod(first, found)) return found;
      continue;
    }
    if (isFirm(found) && (found.cycle.publishable || usage.sampling === 'scraped')) return found;
    if (first === null || first === 'ended' || isFirm(found)) first = found ?? first;
  }
  return first;
}

function isSamePeriod(one: FoundCycle, other: FoundCycle): boolean {
  const ratio = one.cycle.periodSeconds / other.cycle.periodSeconds;
  return Math.abs(ratio - 1) <= detector.refineMaxShift;
}

function* findCycleAt(
  prepared: PreparedUsage,
  usage: GpuUsage,
  seconds: number,
  { observe, isOver }: Observed,
): Generator<void, CycleSearch> {
  const channels: ChannelGrid[] = [];
  for (const channel of prepared.channels) {
    const whole = prepared.grid(channel);
    yield;
    const grid = whole && usableWindow(whole, seconds, prepared.endSeconds);
    if (grid !== null) channels.push({ channel, grid });
  }
  const seen: ChannelEvidence[] = [];
  const detection = yield* detectPeriod(channels, observe && ((each) => seen.push(each)));
  const grid = channels.find(({ channel }) => channel === detection?.channel)?.grid;
  const isFound = detection !== null && grid !== undefined;
  const pauseSeconds = isMemoryHeld(prepared, seconds) ? ending.heldPauseSeconds : undefined;
  const hasEnded =
    isFound &&
    (isOver(detection.periodSeconds) || !isGoingOn(grid, detection.periodSeconds, pauseSeconds));
  if (observe !== undefined) tell(observe, seen, hasEnded ? detection : null);
  if (!isFound) return null;
  if (hasEnded) return 'ended';
  const searched = { ageSeconds: 0, contrast: detection.contrast };
  const windowSeconds = spanOf(grid);
  const isSure = excludesAlias(prepared, { ...detection, windowSeconds }, usage.sampling);
  yield;
  return { cycle: { ...describeCycle(detection, grid, isSure), searched }, windowSeconds };
}

/** Whether as much memory is used now as in most of the window. */
function isMemoryHeld(prepared: PreparedUsage, seconds: number): boolean {
  const usual = prepared.recentMedian('memUsed', seconds);
  const now = prepared.series('memUsed')?.values.at(-1);
  return usual !== null && now !== undefined && now > 0 && now >= ending.heldShare * usual;
}

/** `over`: a detection that was dropped because its cycle does not reach the end of the window. */
function tell(
  observe: EvidenceObserver,
  seen: readonly ChannelEvidence[],
  over: Detection | null,
): void {
  for (const each of seen) {
    const hasEnded = each.channel === over?.channel && each.outcome === 'cyclic';
    observe(hasEnded ? { ...each, outcome: 'ended' } : each);
  }
}

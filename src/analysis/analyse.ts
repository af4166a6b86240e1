import type { EvidenceObserver } from './evidence.ts';
import { nextMemoryMaximum, recentMaximum } from './forecast/memory.ts';
import { nextMeanUtilisation } from './forecast/utilisation.ts';
import { activityOf } from './pattern/activity.ts';
import { classifyBusy, classifyEnded, classifyIdle, type Classified } from './pattern/classify.ts';
import { cycleConfidence } from './pattern/confidence.ts';
import { doubted, jobEnd, type JobEnd } from './pattern/job-end.ts';
import { isStalled } from './pattern/stall.ts';
import { classWindow, spanOf, windowsFor } from './pattern/windows.ts';
import { findFastCycle } from './period/find-fast-cycle.ts';
import { findCycle, type CycleSearch, type FoundCycle } from './period/find-cycle.ts';
import { recognise, type KnownVerdict } from './period/recognise.ts';
import { findSlowerPeriod } from './period/slower-period.ts';
import { lastSeconds, type GridSeries } from './series/grid.ts';
import { PreparedUsage } from './series/prepare.ts';
import { sanitiseFacts } from './series/sanitise.ts';
import { mean, spread } from './series/statistics.ts';
import { classes, detector, stall, windows, type ClassThresholds } from './thresholds.ts';
import type { GpuUsage, Pattern, Verdict } from './verdict.ts';

export interface AnalysisOptions {
  /** Windows to try, ascending, seconds; the default is 120, 600, 3600. */
  readonly windowsSeconds?: readonly number[];
  /** Told why a cycle was found or not, in each channel of each window that was searched. */
  readonly onEvidence?: EvidenceObserver;
  /**
   * What was said of the same GPU the last time, when that is not long ago: a firm cycle is then recognised instead of searched for anew (see recognise), at a
   * tenth of the cost. Not used where evidence is asked for.
   */
  readonly known?: KnownVerdict | null;
  /** What tells the classes apart; for the evaluation, which chooses them. */
  readonly limits?: ClassThresholds;
}

/** Decided about one GPU, before the numbers are added. */
interface Decision extends Classified {
  readonly found: FoundCycle | null;
  readonly windowSeconds: number;
}

/**
 * What the usage of one GPU says: pattern, cycle, forecast. A function of its arguments alone: no clock, no chance (surrogates come from a fixed seed).
 *
 * Any samples may be given; nothing makes it throw:
 * - What cannot be true (see sanitise) is as if it had not been given. The order of samples and of channels does not matter, nor does a sample given twice.
 * - The newest stamp of any channel is the present. Samples older than the longest window change nothing but the forecast of memory, which has a memory of its own.
 *   A stamp far ahead of the others leaves them outside of every window: `insufficient`.
 * - Only differences of stamps count: other times of the day give the same verdict. Time stretched, windows with it, stretches the period and changes
 *   nothing else, but where seconds count by themselves: how long a rest ends a job (ending), and how long a single low sample is a pause (gapShare).
 * - Another level of power or memory (a constant added) changes no cycle, as long as the channel still moves by its share of its largest value (channelGate).
 * - Holes up to 40 % of a window are bridged by lines; a window with more says nothing, and with no window left the pattern is `insufficient`.
 *
 * Yields between pieces of work of about a millisecond or less, so that a process that must answer others can spread it over turns of its event loop.
 */
export function* analyseSteps(
  given: GpuUsage,
  {
    windowsSeconds = windows.lengthsSeconds,
    onEvidence,
    known = null,
    limits = classes,
  }: AnalysisOptions = {},
): Generator<void, Verdict> {
  const usage = sanitiseFacts(given);
  const prepared = new PreparedUsage(usage, Math.max(...windowsSeconds));
  const lengths = windowsFor(prepared.spanSeconds, windowsSeconds);
  yield;
  const observed: Observed = onEvidence === undefined ? { known } : { observe: onEvidence };
  const decision = yield* decide(prepared, usage, lengths, observed, limits);
  return describe(prepared, usage, decision);
}

/** analyseSteps without the pauses: 1 to 50 ms, longest where something cycles unclearly. */
export function analyse(usage: GpuUsage, options: AnalysisOptions = {}): Verdict {
  const steps = analyseSteps(usage, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Either may be there: who wants to see the whole search gets all of it. */
interface Observed {
  readonly known?: KnownVerdict | null;
  readonly observe?: EvidenceObserver;
}

function* decide(
  prepared: PreparedUsage,
  usage: GpuUsage,
  lengths: readonly number[],
  observed: Observed,
  limits: ClassThresholds,
): Generator<void, Decision> {
  const activity = activityOf(prepared, usage, limits);
  const window = activity && classWindow(activity.grid, lengths, prepared.endSeconds);
  const span = window === null ? prepared.spanSeconds : spanOf(window);
  yield;
  if (activity === null || window === null) {
    return yield* withoutActivity(prepared, usage, lengths, observed);
  }
  const usedMiB = prepared.recentMedian('memUsed', span);
  const memory = { usedMiB, totalMiB: usage.memoryTotalMiB };
  const idle = classifyIdle(window.values, memory, activity);
  yield;
  if (idle !== null) return { ...doubted(idle, activity), found: null, windowSeconds: span };
  const end = jobEnd(prepared, activity, usage);
  const found = yield* searchCycle(prepared, usage, lengths, { ...observed, end });
  if (found !== null && found !== 'ended') return cyclic(found);
  if (end.idle !== null) return { ...end.idle, found: null };
  const busy = classifyBusy(window, limits, activity);
  const classified = found === 'ended' ? classifyEnded(busy, window.values.length) : busy;
  return { ...doubted(classified, activity), found: null, windowSeconds: span };
}

/** Without utilisation and power neither idle nor busy can be told, but memory may cycle. */
function* withoutActivity(
  prepared: PreparedUsage,
  usage: GpuUsage,
  lengths: readonly number[],
  observed: Observed,
): Generator<void, Decision> {
  const span = prepared.spanSeconds;
  if (prepared.grid('util') !== null) return undecided('insufficient', span);
  const found = yield* searchCycle(prepared, usage, lengths, observed);
  if (found !== null && found !== 'ended') return cyclic(found);
  const enough = prepared.channels.some((channel) => {
    const grid = prepared.grid(channel);
    return grid !== null && classWindow(grid, lengths, prepared.endSeconds) !== null;
  });
  return undecided(enough ? 'unknown' : 'insufficient', span);
}

function* searchCycle(
  prepared: PreparedUsage,
  usage: GpuUsage,
  lengths: readonly number[],
  { known = null, observe, end }: Observed & { readonly end?: JobEnd },
): Generator<void, CycleSearch> {
  const isOver = (periodSeconds: number): boolean => end?.isOver(periodSeconds) ?? false;
  const recognised = yield* recognise(prepared, usage, lengths, known);
  if (recognised !== null && !isOver(recognised.cycle.periodSeconds)) return recognised;
  const found = yield* findCycle(prepared, usage, lengths, observe, isOver);
  if (found === 'ended') return found;
  const channels = found === null ? prepared.channels : [found.cycle.channel];
  const fast = yield* findFastCycle(prepared, {
    sampling: usage.sampling,
    shortestSeconds: lengths[0]!,
    channels,
    observe,
  });
  if (fast !== null) return isOver(fast.cycle.periodSeconds) ? 'ended' : fast;
  return found && (yield* withSlowerPeriod(prepared, lengths, found));
}

function cyclic(found: FoundCycle): Decision {
  const { cycle, windowSeconds } = found;
  const confidence = cycleConfidence(cycle.cycles, cycle.pValue);
  return { pattern: 'cyclic', confidence, found, windowSeconds };
}

function* withSlowerPeriod(
  prepared: PreparedUsage,
  lengths: readonly number[],
  found: FoundCycle,
): Generator<void, FoundCycle> {
  const { cycle, windowSeconds } = found;
  const grid = prepared.grid(cycle.channel);
  if (grid === null || cycle.cycles < detector.firmCycles) return found;
  const firm = { ...cycle, windowSeconds, grid };
  const slowerPeriodSeconds = yield* findSlowerPeriod(firm, lengths, prepared.endSeconds);
  return { ...found, cycle: { ...cycle, slowerPeriodSeconds } };
}

function undecided(pattern: 'insufficient' | 'unknown', windowSeconds: number): Decision {
  return { pattern, confidence: 0, found: null, windowSeconds };
}

function describe(prepared: PreparedUsage, usage: GpuUsage, decision: Decision): Verdict {
  const { pattern, confidence, found, windowSeconds } = decision;
  const end = prepared.endSeconds;
  const utilGrid = prepared.grid('util');
  const util = utilGrid && lastSeconds(utilGrid, windowSeconds, end);
  const cycle = found?.cycle ?? null;
  const counted = prepared.channels[0];
  return {
    pattern,
    tentative: cycle !== null && cycle.cycles < detector.firmCycles,
    cycle,
    confidence,
    windowSeconds,
    sampleCount: counted === undefined ? 0 : prepared.sampleCount(counted, windowSeconds),
    asOfSeconds: end,
    memCopyMaxPercent: recentMaximum(prepared.series('memCopy'), windowSeconds, end),
    memUsedMaxMiB: recentMaximum(prepared.series('memUsed'), windowSeconds, end),
    utilMeanPercent: util && mean(util.values),
    utilSpreadPercent: util && spread(util.values),
    nextMemUsedMaxMiB: nextMemoryMaximum(prepared.series('memUsed'), end, usage.memoryTotalMiB),
    nextUtilMeanPercent: isIdle(pattern)
      ? // What a job did that is over says nothing about what comes.
        util && mean(util.values)
      : utilGrid && nextMeanUtilisation(utilGrid, end, cycle?.periodSeconds ?? null),
    stall: util !== null && stalled(prepared, usage, util, windowSeconds),
  };
}

function isIdle(pattern: Pattern): boolean {
  return pattern === 'idle' || pattern === 'alloc-idle';
}

function stalled(
  prepared: PreparedUsage,
  usage: GpuUsage,
  util: GridSeries,
  windowSeconds: number,
): boolean {
  // Half of the time at full utilisation needs a mean near half: most GPUs are spared the look at their power.
  if (mean(util.values) < stall.timeShare * stall.utilPercent) return false;
  const whole = prepared.grid('power');
  const power = whole && lastSeconds(whole, windowSeconds, prepared.endSeconds);
  if (power === null || usage.powerLimitWatts === undefined) return false;
  return isStalled(util, power, usage.powerLimitWatts);
}

import { jobTypeOf } from './job-type.ts';
import { stability } from './thresholds.ts';
import type { Cycle, Pattern, PublishedVerdict, Verdict } from './verdict.ts';

/** Classes with soft edges, between which overlapping windows go to and fro. */
const busy: readonly Pattern[] = ['steady', 'bursty', 'others'];

/** What says that a cycle is over: windows that differ in how it is now agree in that. */
const over: readonly Pattern[] = ['idle', 'alloc-idle', 'transition'];

/** What one window said. */
interface Vote {
  readonly pattern: Pattern;
  readonly periodSeconds: number | null;
  readonly stall: boolean;
  readonly atSeconds: number;
}

/** Memory about one GPU between windows; plain JSON (a duty that is not known becomes null by it). */
export interface TrackState {
  /** Newest last, at most three. */
  readonly recent: readonly Vote[];
  readonly published: PublishedVerdict | null;
  /** When a window last agreed with what is published, seconds; null before the first. */
  readonly agreedSeconds: number | null;
  /** How long windows have said another busy class than is published, seconds; those that agree take from it. */
  readonly doubtSeconds: number;
}

export interface Tracked {
  readonly state: TrackState;
  /** What to say now; null: nothing yet. */
  readonly published: PublishedVerdict | null;
}

/** What is known of an earlier publication: the three facts are needed, every other is taken where it is known. */
export type KnownVerdict = Pick<PublishedVerdict, 'pattern' | 'sinceSeconds' | 'asOfSeconds'> &
  Partial<PublishedVerdict> & { readonly periodSeconds?: number | null };

/**
 * Goes on from something published before (by an earlier leader, before a restart): it stays said until windows disagree as often as they must.
 * A cyclic verdict whose period is not known agrees with any period.
 */
export function resumeTrack(known: KnownVerdict): TrackState {
  const { periodSeconds, ...facts } = known;
  const tentative = known.tentative ?? false;
  const published: PublishedVerdict = {
    tentative,
    cycle: typeof periodSeconds === 'number' ? cycleOf(periodSeconds) : null,
    confidence: 0.5,
    windowSeconds: 0,
    sampleCount: 0,
    memCopyMaxPercent: null,
    memUsedMaxMiB: null,
    utilMeanPercent: null,
    nextMemUsedMaxMiB: null,
    nextUtilMeanPercent: null,
    stall: false,
    jobType: jobTypeOf({ pattern: known.pattern, tentative }) ?? 'Unknown',
    ...facts,
  };
  return { recent: [], published, agreedSeconds: known.asOfSeconds, doubtSeconds: 0 };
}

/** A period that was shown was publishable. Nothing of the cycle has been seen since; its duty is not known. */
function cycleOf(periodSeconds: number): Cycle {
  return {
    periodSeconds,
    publishable: true,
    periodMarginSeconds: Number.NaN,
    slowerPeriodSeconds: null,
    cycles: 0,
    dutyRatio: Number.NaN,
    channel: 'util',
    pValue: 1,
  };
}

/**
 * Takes in what the newest window says and decides what to say in public.
 * - `insufficient`, and data already seen, change nothing.
 * - When nothing was said before: any class without a cycle at once; a cycle when two of the last three windows agree, or at once with a confidence of 0.9
 *   (measured over 19,500 series without a period: 0.5 % are called cyclic in one window, 0.02 % with that confidence).
 * - Afterwards a change needs two of the last three windows. A cycle is also held through windows that merely fail to see it: it is dropped after three of them and
 *   half of its window (at most 2 min), because windows analysed every few seconds overlap and miss together. Idleness, a transition and a new cycle are positive
 *   evidence and need no such wait.
 * - Noise on the edge of steady, bursty and others says now this, now that, and for whole windows the same by chance. Between these three a change needs windows
 *   that speak for it for two of their lengths (at most 10 min) in all, where what agrees with the class said before counts double against it.
 */
export function track(previous: TrackState | null, verdict: Verdict): Tracked {
  const before = previous ?? {
    recent: [],
    published: null,
    agreedSeconds: null,
    doubtSeconds: 0,
  };
  const isSeen = before.recent.at(-1)?.atSeconds === verdict.asOfSeconds;
  if (verdict.pattern === 'insufficient' || isSeen) {
    return { state: before, published: before.published };
  }
  const recent = [...before.recent, voteOf(verdict)].slice(-stability.votes);
  const doubtSeconds = doubtAfter(before, verdict);
  const published = decide({ ...before, doubtSeconds }, verdict, recent);
  const agreed = published !== null && agrees(voteOf(verdict), published);
  return {
    state: {
      recent,
      published,
      agreedSeconds: agreed ? verdict.asOfSeconds : before.agreedSeconds,
      doubtSeconds: published?.pattern === before.published?.pattern ? doubtSeconds : 0,
    },
    published,
  };
}

function doubtAfter({ recent, published, doubtSeconds }: TrackState, verdict: Verdict): number {
  if (published === null || !isSoftChange(published, verdict)) {
    if (published?.pattern !== verdict.pattern) return doubtSeconds;
    return Math.max(0, doubtSeconds - stability.agreementWeight * spokenSeconds(recent, verdict));
  }
  return doubtSeconds + spokenSeconds(recent, verdict);
}

/** The time that is new in a window: after a gap in the data it speaks for no more than its own length. */
function spokenSeconds(recent: readonly Vote[], verdict: Verdict): number {
  const newSeconds = verdict.asOfSeconds - (recent.at(-1)?.atSeconds ?? verdict.asOfSeconds);
  return Math.max(0, Math.min(newSeconds, verdict.windowSeconds));
}

function isSoftChange(published: Verdict, verdict: Verdict): boolean {
  return (
    published.pattern !== verdict.pattern &&
    busy.includes(published.pattern) &&
    busy.includes(verdict.pattern)
  );
}

function voteOf(verdict: Verdict): Vote {
  return {
    pattern: verdict.pattern,
    periodSeconds: verdict.cycle?.periodSeconds ?? null,
    stall: verdict.stall,
    atSeconds: verdict.asOfSeconds,
  };
}

function samePeriod(a: number | null, b: number | null): boolean {
  // Not known (not published, resumed): no reason to disagree.
  if (a === null || b === null || Number.isNaN(a) || Number.isNaN(b)) return true;
  return Math.abs(a - b) <= stability.periodAgreement * Math.max(a, b);
}

function agrees(vote: Vote, verdict: Verdict): boolean {
  if (vote.pattern !== verdict.pattern) return false;
  return samePeriod(vote.periodSeconds, verdict.cycle?.periodSeconds ?? null);
}

function decide(
  before: TrackState,
  verdict: Verdict,
  recent: readonly Vote[],
): PublishedVerdict | null {
  const { published } = before;
  const steadied = withMeanPeriod(verdict, recent);
  const wins = recent.filter((vote) => agrees(vote, verdict)).length >= stability.majority;
  if (published === null) {
    const isBelieved =
      verdict.pattern !== 'cyclic' ||
      (!verdict.tentative && verdict.confidence >= stability.singleConfidence);
    return wins || isBelieved ? publish(steadied, verdict.asOfSeconds, verdict.stall) : null;
  }
  const stall = majorityStall(recent, published.stall);
  if (agrees(voteOf(verdict), published)) {
    // A cycle that was seen four times stays firm when a later window holds fewer of it.
    const tentative = verdict.tentative && published.tentative;
    const cycle = stillSure(steadied.cycle, published.cycle);
    return publish({ ...steadied, tentative, cycle }, published.sinceSeconds, stall);
  }
  if (!mayReplace(before, published, verdict, recent, wins)) {
    return keep(published, verdict, stall);
  }
  const since =
    verdict.pattern === published.pattern ? published.sinceSeconds : verdict.asOfSeconds;
  return publish(steadied, since, stall);
}

/** A period that could be told from an alias once is the same one when a later window shows it less clearly. */
function stillSure(cycle: Cycle | null, before: Cycle | null): Cycle | null {
  if (cycle === null || before === null || cycle.publishable) return cycle;
  return { ...cycle, publishable: before.publishable && Number.isFinite(before.periodSeconds) };
}

/** The period averaged over the recent windows that agree on it, because a jittering cycle gives each window another. */
function withMeanPeriod(verdict: Verdict, recent: readonly Vote[]): Verdict {
  const { cycle } = verdict;
  if (cycle === null) return verdict;
  const periods = recent
    .filter((vote) => agrees(vote, verdict))
    .map((vote) => vote.periodSeconds ?? cycle.periodSeconds);
  const periodSeconds = periods.reduce((sum, period) => sum + period, 0) / periods.length;
  return { ...verdict, cycle: { ...cycle, periodSeconds } };
}

function mayReplace(
  before: TrackState,
  published: PublishedVerdict,
  verdict: Verdict,
  recent: readonly Vote[],
  wins: boolean,
): boolean {
  if (isSoftChange(published, verdict)) {
    const windowSeconds = Math.max(published.windowSeconds, verdict.windowSeconds);
    const doubt = Math.min(stability.maxDoubtSeconds, stability.doubtWindows * windowSeconds);
    return wins && before.doubtSeconds >= doubt;
  }
  const isCyclic = published.pattern === 'cyclic';
  const isMissed = isCyclic && verdict.pattern !== 'cyclic' && !over.includes(verdict.pattern);
  if (!isMissed) return wins || (isCyclic && saysItIsOver(verdict, recent));
  const waited = verdict.asOfSeconds - (before.agreedSeconds ?? verdict.asOfSeconds);
  const patience = Math.min(
    stability.maxSilentSeconds,
    stability.silentWindowShare * published.windowSeconds,
  );
  if (waited < patience) return false;
  return recent.filter((vote) => vote.pattern !== 'cyclic').length >= stability.silentVotes;
}

function saysItIsOver({ pattern }: Verdict, recent: readonly Vote[]): boolean {
  if (!over.includes(pattern)) return false;
  return recent.filter((vote) => over.includes(vote.pattern)).length >= stability.majority;
}

function majorityStall(recent: readonly Vote[], before: boolean): boolean {
  const stalled = recent.filter((vote) => vote.stall).length;
  if (stalled >= stability.majority) return true;
  return recent.length - stalled >= stability.majority ? false : before;
}

function publish(verdict: Verdict, sinceSeconds: number, stall: boolean): PublishedVerdict {
  return { ...verdict, stall, jobType: jobTypeOf(verdict) ?? 'Unknown', sinceSeconds };
}

/** The newest numbers under the pattern said before. */
function keep(published: PublishedVerdict, verdict: Verdict, stall: boolean): PublishedVerdict {
  const { pattern, tentative, cycle, confidence, windowSeconds, sampleCount } = published;
  return publish(
    { ...verdict, pattern, tentative, cycle, confidence, windowSeconds, sampleCount },
    published.sinceSeconds,
    stall,
  );
}

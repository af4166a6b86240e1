import { analyse } from '../../analysis/analyse.ts';
import type { ChannelEvidence } from '../../analysis/evidence.ts';
import { track, type TrackState } from '../../analysis/stability.ts';
import { windows } from '../../analysis/thresholds.ts';
import type {
  GpuUsage,
  PublishedVerdict,
  UsageChannel,
  UsageSeries,
  Verdict,
} from '../../analysis/verdict.ts';
import { lowerBound } from '../../lib/lower-bound.ts';
import { coveredOf, gapsIn, withoutGaps, type Covered, type Gap } from './gaps.ts';
import type { Recording } from './recording.ts';
import { wholeOf, type Whole } from './whole.ts';

/** What one look at the recording says, and why. */
export interface Moment {
  readonly atSeconds: number;
  readonly verdict: Verdict;
  readonly evidence: readonly ChannelEvidence[];
}

/** A time over which the same was said. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly published: PublishedVerdict;
}

export interface Judged {
  readonly recording: Recording;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly samples: number;
  /** What is said with everything up to the end. */
  readonly end: Moment;
  /** Where a cycle was last said, when the end is not cyclic. */
  readonly cyclic: Moment | null;
  /** What the collector would have said as time went by. */
  readonly timeline: readonly Stretch[];
  /** From look to look. */
  readonly stepSeconds: number;
  /** Times without samples. */
  readonly gaps: readonly Gap[];
  readonly whole: Whole;
}

/** Looks at a recording of any length, at most. */
const mostLooks = 120;
/** As often as the collector looks, at most. */
const leastStepSeconds = 10;
const historySeconds = Math.max(...windows.lengthsSeconds);

/** Analyses a recording as the collector would have while it was made; `breathe` is awaited between two looks and told how much is done (0-1). Null without samples. */
export async function judge(
  recording: Recording,
  breathe: (done: number) => Promise<void>,
): Promise<Judged | null> {
  const { usage } = recording;
  const all = Object.values(usage.channels).filter(({ values }) => values.length > 0);
  if (all.length === 0) return null;
  const startSeconds = Math.min(...all.map(({ timesSeconds }) => timesSeconds[0]!));
  const endSeconds = Math.max(...all.map(({ timesSeconds }) => timesSeconds.at(-1)!));
  const gaps = gapsIn(recording);
  const covered = coveredOf({ startSeconds, endSeconds }, gaps);
  const coveredSeconds = covered.reduce((sum, part) => sum + part.toSeconds - part.fromSeconds, 0);
  const stepSeconds = Math.max(leastStepSeconds, coveredSeconds / mostLooks);
  const said = await timelineOf(usage, { covered, stepSeconds }, breathe);
  const timeline = withoutGaps(said, covered);
  const end = momentAt(usage, endSeconds);
  const lastCycle = timeline.findLast(({ published }) => published.pattern === 'cyclic');
  const isOver = end.verdict.pattern !== 'cyclic' && lastCycle !== undefined;
  return {
    recording,
    startSeconds,
    endSeconds,
    samples: Math.max(...all.map(({ values }) => values.length)),
    end,
    cyclic: isOver ? lastCyclicMoment(usage, lastCycle) : null,
    timeline,
    stepSeconds,
    gaps,
    whole: wholeOf({ usage, said, covered, end: end.verdict }),
  };
}

function momentAt(usage: GpuUsage, atSeconds: number): Moment {
  const evidence: ChannelEvidence[] = [];
  const verdict = analyse(upTo(usage, atSeconds), { onEvidence: (each) => evidence.push(each) });
  return { atSeconds, verdict, evidence };
}

/** A cycle is still said for a while after it ended: the look that saw it last tells why. */
function lastCyclicMoment(usage: GpuUsage, { published, fromSeconds }: Stretch): Moment | null {
  for (const atSeconds of [published.asOfSeconds, fromSeconds]) {
    const moment = momentAt(usage, atSeconds);
    if (moment.verdict.pattern === 'cyclic') return moment;
  }
  return null;
}

/** When to look: evenly over what is covered, and at the end of each part of it. */
function looksAt(covered: readonly Covered[], stepSeconds: number): readonly number[] {
  const looks = covered.flatMap(({ fromSeconds, toSeconds }) => {
    const count = Math.max(1, Math.ceil((toSeconds - fromSeconds) / stepSeconds - 1e-9));
    return Array.from({ length: count }, (_, i) =>
      Math.min(fromSeconds + (i + 1) * stepSeconds, toSeconds),
    );
  });
  // A recording in thousands of pieces.
  const every = Math.ceil(looks.length / (2 * mostLooks));
  return looks.filter((_, look) => (looks.length - 1 - look) % every === 0);
}

async function timelineOf(
  usage: GpuUsage,
  { covered, stepSeconds }: { readonly covered: readonly Covered[]; readonly stepSeconds: number },
  breathe: (done: number) => Promise<void>,
): Promise<Stretch[]> {
  const looks = looksAt(covered, stepSeconds);
  const stretches: Stretch[] = [];
  let state: TrackState | null = null;
  let known: Verdict | null = null;
  let seen: Verdict | null = null;
  for (const [look, now] of looks.entries()) {
    await breathe(look / looks.length);
    const verdict: Verdict = analyse(upTo(usage, now), { known });
    known = verdict;
    if (verdict.pattern === 'cyclic') seen = verdict;
    const tracked = track(state, verdict);
    ({ state } = tracked);
    if (tracked.published === null) continue;
    const asOfSeconds =
      tracked.published.pattern === 'cyclic' ? (seen ?? verdict).asOfSeconds : now;
    extend(stretches, { ...tracked.published, asOfSeconds }, { now, stepSeconds });
  }
  return stretches;
}

function extend(
  stretches: Stretch[],
  published: PublishedVerdict,
  { now, stepSeconds }: { readonly now: number; readonly stepSeconds: number },
): void {
  const last = stretches.at(-1);
  if (last !== undefined && saysTheSame(last.published, published)) {
    stretches[stretches.length - 1] = { ...last, toSeconds: now, published };
    return;
  }
  const fromSeconds = last?.toSeconds ?? now - stepSeconds;
  stretches.push({ fromSeconds, toSeconds: now, published });
}

/** Periods that differ by less than a tenth are one cycle. */
function saysTheSame(a: PublishedVerdict, b: PublishedVerdict): boolean {
  if (a.pattern !== b.pattern || a.stall !== b.stall) return false;
  const [one, two] = [a.cycle?.periodSeconds ?? Number.NaN, b.cycle?.periodSeconds ?? Number.NaN];
  return !(Math.abs(one - two) > 0.1 * Math.max(one, two));
}

/** The samples that were there at a time, an hour back at most. */
function upTo(usage: GpuUsage, atSeconds: number): GpuUsage {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, { timesSeconds, values }] of Object.entries(usage.channels)) {
    const first = lowerBound(timesSeconds, atSeconds - historySeconds);
    let end = lowerBound(timesSeconds, atSeconds);
    while (timesSeconds[end] === atSeconds) end += 1;
    if (end <= first) continue;
    channels[channel as UsageChannel] = {
      timesSeconds: timesSeconds.subarray(first, end),
      values: values.subarray(first, end),
    };
  }
  return { ...usage, channels };
}

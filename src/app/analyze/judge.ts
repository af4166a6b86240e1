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
import type { Recording } from './recording.ts';

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
}

/** Looks at a recording of any length, at most. */
const mostLooks = 120;
/** As often as the collector looks, at most. */
const leastStepSeconds = 10;
const historySeconds = Math.max(...windows.lengthsSeconds);

/** Analyses a recording as the collector would have while it was made; `breathe` is awaited between two looks. Null without samples. */
export async function judge(
  recording: Recording,
  breathe: () => Promise<void>,
): Promise<Judged | null> {
  const { usage } = recording;
  const all = Object.values(usage.channels).filter(({ values }) => values.length > 0);
  if (all.length === 0) return null;
  const startSeconds = Math.min(...all.map(({ timesSeconds }) => timesSeconds[0]!));
  const endSeconds = Math.max(...all.map(({ timesSeconds }) => timesSeconds.at(-1)!));
  const timeline = await timelineOf(usage, { startSeconds, endSeconds }, breathe);
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

async function timelineOf(
  usage: GpuUsage,
  { startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number },
  breathe: () => Promise<void>,
): Promise<Stretch[]> {
  const stepSeconds = Math.max(leastStepSeconds, (endSeconds - startSeconds) / mostLooks);
  const stretches: Stretch[] = [];
  let state: TrackState | null = null;
  let seen: Verdict | null = null;
  for (let at = startSeconds + stepSeconds; at < endSeconds + stepSeconds; at += stepSeconds) {
    await breathe();
    const now = Math.min(at, endSeconds);
    const verdict = analyse(upTo(usage, now));
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
  if (a.pattern !== b.pattern) return false;
  const [one, two] = [a.cycle?.periodSeconds ?? Number.NaN, b.cycle?.periodSeconds ?? Number.NaN];
  return !(Math.abs(one - two) > 0.1 * Math.max(one, two));
}

/** The samples that were there at a time, an hour back at most. */
function upTo(usage: GpuUsage, atSeconds: number): GpuUsage {
  const channels: Partial<Record<UsageChannel, UsageSeries>> = {};
  for (const [channel, { timesSeconds, values }] of Object.entries(usage.channels)) {
    const first = timesSeconds.findIndex((time) => time >= atSeconds - historySeconds);
    const end = timesSeconds.findLastIndex((time) => time <= atSeconds) + 1;
    if (first < 0 || end <= first) continue;
    channels[channel as UsageChannel] = {
      timesSeconds: timesSeconds.subarray(first, end),
      values: values.subarray(first, end),
    };
  }
  return { ...usage, channels };
}

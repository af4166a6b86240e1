import { windows } from '../../analysis/thresholds.ts';
import type { GpuUsage, Pattern, PublishedVerdict, Verdict } from '../../analysis/verdict.ts';
import { withoutGaps, type Covered } from './gaps.ts';
import { heldIdle, type HeldIdle } from './held-idle.ts';
import { usageTotals, type UsageTotals } from './usage-totals.ts';

/** How long a GPU was seen in one state. */
export interface StateShare {
  readonly pattern: Pattern;
  /** Busy without drawing power; of no other pattern than the one it is said with. */
  readonly stall: boolean;
  readonly seconds: number;
  /** Of the time that is covered by samples, 0-1. */
  readonly share: number;
}

/** A period that was seen, and how long. */
export interface PeriodFound {
  readonly periodSeconds: number;
  /** NaN: not known. */
  readonly marginSeconds: number;
  /** A faster cycle could look the same. */
  readonly isApparent: boolean;
  readonly seconds: number;
  readonly share: number;
}

/** A recording from its first sample to its last. */
export interface Whole extends UsageTotals {
  /** Without its gaps. */
  readonly coveredSeconds: number;
  /** The longest first. */
  readonly states: readonly StateShare[];
  /** The longest seen first. */
  readonly periods: readonly PeriodFound[];
  readonly heldIdle: HeldIdle | null;
}

interface Said extends Covered {
  readonly published: PublishedVerdict;
}

interface Given {
  readonly usage: GpuUsage;
  /** What was said as time went by, one after the other without holes. */
  readonly said: readonly Said[];
  readonly covered: readonly Covered[];
  /** Said at the end, for recordings too short for anything else. */
  readonly end: Verdict;
}

/** What is said rests on what came before. How much earlier it began than it was said, seconds: */
const lag = {
  /** Half of a window, on average. */
  usual: Math.min(...windows.lengthsSeconds) / 2,
  /** The end of a cycle is seen sooner. */
  endOfCycle: 30,
  /** A cycle is said when it was seen so often. */
  cycles: 4,
  /** It is no more than an estimate: what remains before it, of less than this share of it, is nothing of its own. */
  leastRemainder: 0.05,
} as const;

/** What can be said of a recording as a whole: with what came after a moment known, too. */
export function wholeOf({ usage, said, covered, end }: Given): Whole {
  const coveredSeconds = covered.reduce((sum, part) => sum + part.toSeconds - part.fromSeconds, 0);
  const held = withoutGaps(backdated(said, covered), covered);
  const lone = { pattern: end.pattern, stall: end.stall, seconds: coveredSeconds, share: 1 };
  return {
    coveredSeconds,
    states: held.length === 0 ? [lone] : statesOf(held, coveredSeconds),
    periods: periodsOf(held, coveredSeconds),
    heldIdle: heldIdle(held),
    ...usageTotals(usage),
  };
}

/** Each from when it is likely to have begun. The first began with the recording, the last goes on to its end. */
function backdated(said: readonly Said[], covered: readonly Covered[]): Said[] {
  const [start, end] = [covered[0]!.fromSeconds, covered.at(-1)!.toSeconds];
  const begins: number[] = [];
  for (const [i, { fromSeconds, published }] of said.entries()) {
    const before = said[i - 1];
    const earliest = begins.at(-1) ?? start;
    const lagSeconds = lagOf(published, before?.published);
    const began = fromSeconds - lagSeconds;
    const isRemainder = began - earliest < lag.leastRemainder * lagSeconds;
    begins.push(before === undefined ? start : isRemainder ? earliest : began);
  }
  return said.map((stretch, i) => ({
    ...stretch,
    fromSeconds: begins[i]!,
    toSeconds: begins[i + 1] ?? end,
  }));
}

function lagOf({ cycle }: PublishedVerdict, before: PublishedVerdict | undefined): number {
  if (cycle !== null) return Math.max(lag.usual, lag.cycles * cycle.periodSeconds);
  return before?.pattern === 'cyclic' ? lag.endOfCycle : lag.usual;
}

function statesOf(held: readonly Said[], coveredSeconds: number): StateShare[] {
  const seconds = new Map<string, StateShare>();
  for (const { fromSeconds, toSeconds, published } of held) {
    const { pattern, stall } = published;
    const key = `${pattern} ${stall}`;
    const sum = (seconds.get(key)?.seconds ?? 0) + toSeconds - fromSeconds;
    seconds.set(key, { pattern, stall, seconds: sum, share: sum / coveredSeconds });
  }
  return [...seconds.values()].toSorted((a, b) => b.seconds - a.seconds);
}

function periodsOf(held: readonly Said[], coveredSeconds: number): PeriodFound[] {
  const found: PeriodFound[] = [];
  for (const { fromSeconds, toSeconds, published } of held) {
    const { cycle } = published;
    if (cycle === null || !Number.isFinite(cycle.periodSeconds)) continue;
    const at = found.findIndex(
      ({ periodSeconds, isApparent }) =>
        isApparent === !cycle.publishable &&
        Math.abs(periodSeconds - cycle.periodSeconds) <=
          0.1 * Math.max(periodSeconds, cycle.periodSeconds),
    );
    const before = found[at];
    const own = toSeconds - fromSeconds;
    const seconds = (before?.seconds ?? 0) + own;
    // The longer stretch tells it better.
    const better = before !== undefined && before.seconds > own ? before : null;
    const entry: PeriodFound = {
      periodSeconds: better?.periodSeconds ?? cycle.periodSeconds,
      marginSeconds: better?.marginSeconds ?? cycle.periodMarginSeconds,
      isApparent: !cycle.publishable,
      seconds,
      share: seconds / coveredSeconds,
    };
    if (at < 0) found.push(entry);
    else found[at] = entry;
  }
  return found.toSorted((a, b) => b.seconds - a.seconds);
}

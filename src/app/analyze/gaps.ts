import type { GpuUsage } from '../../analysis/verdict.ts';
import type { Recording } from './recording.ts';

/** A time without samples; it says nothing about how the GPU was used. */
export interface Gap {
  readonly kind: 'lost' | 'error' | 'no-samples';
  readonly fromSeconds: number;
  /** Null: nothing came after it. */
  readonly toSeconds: number | null;
  /** What the recording says of it. */
  readonly text: string | null;
}

/** What people call it. */
export const gapNames = {
  lost: 'GPU lost',
  error: 'no reading',
  'no-samples': 'no samples',
} as const satisfies Record<Gap['kind'], string>;

/** A time with samples throughout. */
export interface Covered {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Holes shorter than both are bridged: a scrape that was missed, a logger that was late. */
const longestBridged = { seconds: 30, medians: 10 };

/** The times of the channel that has most samples. */
export function timesOf(usage: GpuUsage): Float64Array {
  const all = Object.values(usage.channels).map(({ timesSeconds }) => timesSeconds);
  return all.reduce((most, each) => (each.length > most.length ? each : most), new Float64Array(0));
}

/** The median of so many gaps tells as much as that of a million. */
const enoughGaps = 20_000;

/** Longest time between two samples that is no gap, seconds. */
export function longestHole(timesSeconds: Float64Array): number {
  const count = Math.max(0, timesSeconds.length - 1);
  // An odd stride: samples may come in pairs.
  const stride = Math.ceil(count / enoughGaps) | 1;
  const steps = new Float64Array(Math.ceil(count / stride));
  for (let i = 0; i < steps.length; i++) {
    steps[i] = timesSeconds[i * stride + 1]! - timesSeconds[i * stride]!;
  }
  const median = steps.sort()[steps.length >> 1] ?? 0;
  return Math.max(longestBridged.seconds, longestBridged.medians * median);
}

/** Where samples are missing, in order: of holes long enough, and of whatever the recording itself tells. */
export function gapsIn({ usage, interruptions }: Recording): readonly Gap[] {
  const times = timesOf(usage);
  const longest = longestHole(times);
  const told: readonly Gap[] = interruptions.toSorted((a, b) => a.fromSeconds - b.fromSeconds);
  const holes: Gap[] = [];
  let next = 0;
  /** Where the latest of those that began before a hole ends. */
  let toldUntil = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < times.length; i++) {
    const [fromSeconds, toSeconds] = [times[i - 1]!, times[i]!];
    if (toSeconds - fromSeconds <= longest) continue;
    for (; next < told.length && told[next]!.fromSeconds < toSeconds; next++) {
      toldUntil = Math.max(toldUntil, told[next]!.toSeconds ?? Infinity);
    }
    if (toldUntil > fromSeconds) continue;
    holes.push({ kind: 'no-samples', fromSeconds, toSeconds, text: null });
  }
  return [...told, ...holes].toSorted((a, b) => a.fromSeconds - b.fromSeconds);
}

/** The gap in which the recording ends: what was said before it need not hold any longer. Null where it ends with samples. */
export function gapAtEnd({ gaps }: { readonly gaps: readonly Gap[] }): Gap | null {
  return gaps.findLast(({ toSeconds }) => toSeconds === null) ?? null;
}

/** What lies between the gaps. */
export function coveredOf(
  span: { readonly startSeconds: number; readonly endSeconds: number },
  gaps: readonly Gap[],
): readonly Covered[] {
  const covered: Covered[] = [];
  let fromSeconds = span.startSeconds;
  for (const gap of gaps) {
    if (gap.fromSeconds >= fromSeconds) covered.push({ fromSeconds, toSeconds: gap.fromSeconds });
    fromSeconds = Math.max(fromSeconds, gap.toSeconds ?? span.endSeconds);
  }
  if (fromSeconds < span.endSeconds || covered.length === 0) {
    covered.push({ fromSeconds, toSeconds: span.endSeconds });
  }
  return covered;
}

/** The parts of stretches that are covered. */
export function withoutGaps<Stretch extends Covered>(
  stretches: readonly Stretch[],
  covered: readonly Covered[],
): Stretch[] {
  return stretches.flatMap((stretch) =>
    covered.flatMap((part) => {
      const fromSeconds = Math.max(stretch.fromSeconds, part.fromSeconds);
      const toSeconds = Math.min(stretch.toSeconds, part.toSeconds);
      return toSeconds > fromSeconds ? [{ ...stretch, fromSeconds, toSeconds }] : [];
    }),
  );
}

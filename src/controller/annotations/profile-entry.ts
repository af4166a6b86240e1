import type { Pattern, PublishedVerdict } from '../../analysis/verdict.ts';
import type { GpuFacts } from '../gpu-facts.ts';
import { deadBands, movement, settledMs, type BandedName } from './dead-band.ts';
import type { InstanceEntry } from './instance-entry.ts';

/** One GPU in the gpu-profile annotation. The order of the fields is the order in the text. */
export interface ProfileEntry {
  readonly i: number;
  readonly uuid: string;
  readonly pattern: Pattern;
  /** Cyclic, but fewer than four cycles were seen. */
  readonly tentative?: true;
  /** Cyclic, where the number may be published. */
  readonly periodSeconds?: number;
  /** Half width of the 95 % confidence interval of the period. */
  readonly periodMarginSeconds?: number;
  /** Of a slower cycle on top of it. */
  readonly slowerPeriodSeconds?: number;
  /** Cyclic, where the number may be an alias of the sampling. */
  readonly period?: 'unresolved';
  /** Beside `period`: what the samples show; a faster cycle could look the same. */
  readonly apparentPeriodSeconds?: number;
  readonly confidence?: number;
  readonly cycles?: number;
  /** Share of the period at high load, 0-1. */
  readonly duty?: number;
  /** What the cycle was seen in: util, memCopy, memUsed, power. */
  readonly channel?: string;
  /** From the tenth to the ninetieth percentile of utilisation, points. */
  readonly utilSpread?: number;
  /** Percent. */
  readonly memUtilMax?: number;
  readonly memMaxMiB?: number;
  /** Bound for the next two minutes. */
  readonly nextMemMaxMiB?: number;
  /** Expected mean utilisation of the next two minutes, percent. */
  readonly nextUtil?: number;
  readonly stall?: true;
  readonly simulated?: true;
  /** When the pattern began to be said. */
  readonly since: string;
  /** Of a GPU in MIG mode whose GPU instances tell something, by number. */
  readonly instances?: readonly InstanceEntry[];
}

/** What is said of a GPU or a GPU instance, without who it is. */
type Said = Omit<ProfileEntry, 'i' | 'uuid' | 'instances'> &
  Partial<Pick<ProfileEntry, 'i' | 'uuid'>>;

/** What a fresh verdict says, quantised. */
export function freshEntry(gpu: GpuFacts, verdict: PublishedVerdict): ProfileEntry {
  return {
    i: gpu.index,
    uuid: gpu.uuid,
    ...patternPart(verdict),
    ...(gpu.simulated ? { simulated: true as const } : {}),
    since: timeText(verdict.sinceSeconds * 1_000),
  };
}

/** What it says of the pattern and the numbers that go with it: of a GPU, or of a GPU instance. */
export function patternPart(
  verdict: PublishedVerdict,
): Omit<ProfileEntry, 'i' | 'uuid' | 'simulated' | 'since' | 'instances'> {
  return {
    pattern: verdict.pattern,
    ...cyclePart(verdict),
    ...number(
      'utilSpread',
      verdict.utilSpreadPercent ?? null,
      (value) => 5 * Math.round(value / 5),
    ),
    ...number('memUtilMax', verdict.memCopyMaxPercent, (value) => Math.round(value)),
    ...number('memMaxMiB', verdict.memUsedMaxMiB, (value) => Math.round(value)),
    ...number('nextMemMaxMiB', verdict.nextMemUsedMaxMiB, (value) => 128 * Math.ceil(value / 128)),
    ...number('nextUtil', verdict.nextUtilMeanPercent, (value) => 5 * Math.round(value / 5)),
    ...(verdict.stall ? { stall: true as const } : {}),
  };
}

/** The entry of a GPU about which nothing trustworthy was known for longer than the TTL. */
export function unknownEntry(
  gpu: { readonly index: number; readonly uuid: string },
  before: ProfileEntry | undefined,
  nowMs: number,
): ProfileEntry {
  const since = before?.pattern === 'unknown' ? before.since : timeText(nowMs);
  return {
    i: gpu.index,
    uuid: before?.uuid ?? gpu.uuid,
    pattern: 'unknown',
    ...(before?.simulated === true ? { simulated: true as const } : {}),
    since,
  };
}

/** The entry as written before, unless the fresh one says something else: then the fresh one, whole. `ageMs`: since the last write. */
export function settle<Entry extends Said>(
  before: Entry | undefined,
  fresh: Entry,
  ageMs: number,
): Entry {
  if (before === undefined || before.uuid !== fresh.uuid) return fresh;
  const since = before.pattern === fresh.pattern ? before.since : fresh.since;
  const same =
    before.i === fresh.i &&
    before.pattern === fresh.pattern &&
    before.tentative === fresh.tentative &&
    before.period === fresh.period &&
    before.stall === fresh.stall &&
    before.simulated === fresh.simulated;
  if (!same) return { ...fresh, since };
  const movements = (Object.keys(deadBands) as BandedName[]).map((name) =>
    moved(name, before, fresh),
  );
  const write = movements.includes('jump') || (movements.includes('slow') && ageMs >= settledMs);
  return write ? { ...fresh, since } : before;
}

function moved(name: BandedName, before: Said, fresh: Said): 'same' | 'slow' | 'jump' {
  const now = fresh[name];
  // A number that is missing this time is no news: it stays until there is another one.
  if (now === undefined) return 'same';
  const old = before[name];
  if (old === undefined) return name === 'memUtilMax' || name === 'periodSeconds' ? 'jump' : 'slow';
  return movement(deadBands[name], old, now);
}

function cyclePart(verdict: PublishedVerdict): Partial<ProfileEntry> {
  const { cycle } = verdict;
  const confidence = number('confidence', verdict.confidence || null, (value) =>
    steps(value, 0.05),
  );
  if (verdict.pattern !== 'cyclic' || cycle === null) return confidence;
  const tentative = verdict.tentative ? { tentative: true as const } : {};
  if (!cycle.publishable) {
    return {
      ...tentative,
      period: 'unresolved',
      ...number('apparentPeriodSeconds', cycle.periodSeconds, (value) =>
        Number(value.toPrecision(2)),
      ),
      ...confidence,
    };
  }
  return {
    ...tentative,
    ...number('periodSeconds', cycle.periodSeconds, (value) => Number(value.toPrecision(3))),
    ...number('periodMarginSeconds', cycle.periodMarginSeconds, (value) =>
      Number(value.toPrecision(2)),
    ),
    ...number('slowerPeriodSeconds', cycle.slowerPeriodSeconds, (value) =>
      Number(value.toPrecision(3)),
    ),
    ...confidence,
    ...(cycle.cycles >= 1 ? { cycles: Math.floor(cycle.cycles) } : {}),
    ...number('duty', cycle.dutyRatio, (value) => steps(value, 0.05)),
    channel: cycle.channel,
  };
}

function number<Name extends string>(
  name: Name,
  value: number | null,
  quantise: (value: number) => number,
): Partial<Record<Name, number>> {
  if (value === null || !Number.isFinite(value)) return {};
  return { [name]: quantise(value) } as Record<Name, number>;
}

function steps(value: number, step: number): number {
  return Number((step * Math.round(value / step)).toFixed(2));
}

/** Whole seconds, UTC. */
export function timeText(ms: number): string {
  const safe = Number.isFinite(ms) ? ms : 0;
  return `${new Date(safe).toISOString().slice(0, 19)}Z`;
}

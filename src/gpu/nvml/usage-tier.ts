import type { Clock } from '../../lib/clock.ts';
import { isWithin, readingLimits } from '../reading-limits.ts';
import type { ChannelSamples, ReadingName } from '../source.ts';
import type { ChannelState, NvmlDevice, RingChannel } from './device.ts';
import type { DeviceCalls } from './device-calls.ts';
import { codes, isLasting, missingReasonOf } from './return-codes.ts';
import type { RingDrain, SampleRing } from './sample-ring.ts';
import type { UpdateDraft } from './update-draft.ts';

interface ChannelKind {
  readonly channel: RingChannel;
  readonly reading: ReadingName;
  /** nvmlSamplingType_t. */
  readonly ringType: number;
  /** Driver units in one of ours: power comes in milliwatts. */
  readonly divisor: number;
}

const kinds: readonly ChannelKind[] = [
  { channel: 'util', reading: 'utilPercent', ringType: 1, divisor: 1 },
  { channel: 'memCopy', reading: 'memCopyPercent', ringType: 2, divisor: 1 },
  { channel: 'power', reading: 'powerWatts', ringType: 0, divisor: 1000 },
];

const emptyDrainsUntilPoll = 3;

export interface UsageTierOptions {
  readonly clock: Clock;
  readonly ring: SampleRing;
  readonly drainIntervalMs: number;
}

/**
 * Utilisation, memory-copy utilisation and power of one GPU: the rings where the driver keeps them, drained at their interval; one value per
 * read where it does not; one value, too, for a drain that brings nothing (an idle GPU may have an empty ring).
 * False when nothing was due.
 */
export async function readUsage(
  calls: DeviceCalls,
  draft: UpdateDraft,
  options: UsageTierOptions,
): Promise<boolean> {
  const { device } = calls;
  const startedMs = options.clock.monotonicMs();
  // Timers may come a little early: a drain that is nearly due is due.
  const isDrainDue = startedMs >= device.nextDrainMs - options.drainIntervalMs * 0.1;
  if (isDrainDue) device.nextDrainMs = startedMs + options.drainIntervalMs;
  const wanted: ChannelKind[] = [];
  for (const kind of kinds) {
    const state = device.channels[kind.channel];
    if (state.mode === 'ring' && isDrainDue && !(await drain(calls, kind, draft, options))) {
      wanted.push(kind);
    } else if (state.mode === 'point' || (state.mode === 'none' && isDrainDue)) {
      wanted.push(kind);
    }
  }
  await readPoints(calls, wanted, draft, options.clock);
  if ((draft.value('utilPercent') ?? 0) > 0) giveUpEmptyRings(device, wanted);
  return isDrainDue || wanted.length > 0;
}

/** A ring that stays empty while its GPU is busy is not kept by this driver, though it does not say so. */
function giveUpEmptyRings(device: NvmlDevice, wanted: readonly ChannelKind[]): void {
  for (const { channel } of wanted) {
    const state = device.channels[channel];
    if (state.mode !== 'ring') continue;
    state.emptyWhileBusy += 1;
    if (state.emptyWhileBusy >= emptyDrainsUntilPoll) state.mode = 'point';
  }
}

/** How a GPU's utilisation must be read now that its rings have been tried. */
export function pollNeed(device: NvmlDevice): 'drain' | 'poll-power' | 'poll' {
  if (device.channels.util.mode === 'point') return 'poll';
  const others = [device.channels.memCopy, device.channels.power];
  return others.some((state) => state.mode === 'point') ? 'poll-power' : 'drain';
}

async function drain(
  calls: DeviceCalls,
  kind: ChannelKind,
  draft: UpdateDraft,
  options: UsageTierOptions,
): Promise<boolean> {
  const state = calls.device.channels[kind.channel];
  const drained = await options.ring.drain(calls, kind.ringType, state.lastStampUs);
  if (isLasting(drained.code) || drained.code === codes.noPermission) state.mode = 'point';
  const newestUs = drained.stampsUs.at(-1);
  if (newestUs === undefined) return false;
  state.emptyWhileBusy = 0;
  state.clock.observe(newestUs, options.clock.now(), options.clock.monotonicMs());
  state.lastStampUs = newestUs;
  const samples = samplesOf(drained, kind, state);
  const newest = samples.values.at(-1);
  if (newest === undefined) {
    draft.missing(kind.reading, 'out_of_range');
    return true;
  }
  draft.samples(kind.channel, samples);
  draft.reading(kind.reading, newest);
  return true;
}

function samplesOf(drained: RingDrain, kind: ChannelKind, state: ChannelState): ChannelSamples {
  const timesMs: number[] = [];
  const values: number[] = [];
  for (const [index, stampUs] of drained.stampsUs.entries()) {
    const value = (drained.values[index] ?? Number.NaN) / kind.divisor;
    if (!isWithin(value, readingLimits[kind.reading])) continue;
    timesMs.push(state.clock.timeOf(stampUs));
    values.push(value);
  }
  return { timesMs, values };
}

async function readPoints(
  calls: DeviceCalls,
  wanted: readonly ChannelKind[],
  draft: UpdateDraft,
  clock: Clock,
): Promise<void> {
  if (wanted.some((kind) => kind.channel !== 'power')) {
    const rates = Buffer.alloc(8);
    const reason = await calls.attempt('rates', 'nvmlDeviceGetUtilizationRates', rates);
    for (const [offset, kind] of kinds.slice(0, 2).entries()) {
      if (!wanted.includes(kind)) continue;
      if (reason === undefined) point(calls, kind, rates.readUInt32LE(offset * 4), draft, clock);
      else absent(calls, kind, reason, draft);
    }
  }
  const power = wanted.find((kind) => kind.channel === 'power');
  if (power === undefined) return;
  const milliwatts = Buffer.alloc(4);
  const reason = await calls.attempt('power', 'nvmlDeviceGetPowerUsage', milliwatts);
  if (reason === undefined) point(calls, power, milliwatts.readUInt32LE(), draft, clock);
  else absent(calls, power, reason, draft);
}

function point(
  calls: DeviceCalls,
  kind: ChannelKind,
  raw: number,
  draft: UpdateDraft,
  clock: Clock,
): void {
  const value = raw / kind.divisor;
  draft.reading(kind.reading, value);
  if (draft.value(kind.reading) === undefined) return;
  const timeMs = calls.device.channels[kind.channel].clock.inOrder(clock.now());
  draft.samples(kind.channel, { timesMs: [timeMs], values: [value] });
}

function absent(
  calls: DeviceCalls,
  kind: ChannelKind,
  reason: ReturnType<typeof missingReasonOf>,
  draft: UpdateDraft,
): void {
  const state = calls.device.channels[kind.channel];
  const isForGood = calls.device.lacking.has(kind.channel === 'power' ? 'power' : 'rates');
  if (isForGood && state.mode === 'point') state.mode = 'none';
  draft.missing(kind.reading, reason);
}

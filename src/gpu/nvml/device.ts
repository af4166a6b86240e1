import type { Backoff } from '../../lib/backoff.ts';
import type { ChannelName, GpuDevice, GpuStatus, MissingReason } from '../source.ts';
import { RingClock } from './ring-clock.ts';

export type RingChannel = Exclude<ChannelName, 'memUsed'>;

/** Where a channel's samples come from: the driver's ring, one value per read, or nowhere. */
export interface ChannelState {
  mode: 'ring' | 'point' | 'none';
  /** Newest stamp drained, microseconds of the driver's clock. */
  lastStampUs: number;
  readonly clock: RingClock;
  /** Drains in a row that brought nothing although the GPU was busy. */
  emptyWhileBusy: number;
}

/** One GPU as this source knows it. */
export interface NvmlDevice {
  facts: GpuDevice;
  /** The driver's handle; never used while `gone`. */
  handle: bigint;
  status: GpuStatus;
  /** Lost, or waiting for a reset: its handle is dead, and it must be found anew. */
  gone: boolean;
  /** A call on this GPU has not returned. */
  hung: boolean;
  readonly channels: Readonly<Record<RingChannel, ChannelState>>;
  /** When the rings are drained next, monotonic ms. */
  nextDrainMs: number;
  /** Readings this GPU does not have: not asked for again. */
  readonly lacking: Map<string, MissingReason>;
  /** Reads in a row in which every call said "unknown error" or "no permission". */
  refusals: number;
  readonly returnBackoff: Backoff;
  /** When a GPU that is gone is looked for next, monotonic ms. */
  nextReturnProbeMs: number;
}

export const upStatus: GpuStatus = { up: true };

export function newDevice(facts: GpuDevice, handle: bigint, returnBackoff: Backoff): NvmlDevice {
  return {
    facts,
    handle,
    status: upStatus,
    gone: false,
    hung: false,
    channels: newChannels(),
    nextDrainMs: 0,
    lacking: new Map(),
    refusals: 0,
    returnBackoff,
    nextReturnProbeMs: 0,
  };
}

/** A GPU that is back: a fresh handle, and what it lacks is found out anew; already drained samples stay drained. */
export function revive(device: NvmlDevice, handle: bigint): void {
  device.handle = handle;
  device.status = upStatus;
  device.gone = false;
  device.lacking.clear();
  device.refusals = 0;
  device.nextDrainMs = 0;
  device.returnBackoff.reset();
  for (const channel of Object.values(device.channels)) {
    channel.mode = 'ring';
    channel.emptyWhileBusy = 0;
  }
}

function newChannels(): Record<RingChannel, ChannelState> {
  const channel = (): ChannelState => ({
    mode: 'ring',
    lastStampUs: 0,
    clock: new RingClock(),
    emptyWhileBusy: 0,
  });
  return { util: channel(), memCopy: channel(), power: channel() };
}

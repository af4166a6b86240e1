import type { ChannelName, ReadingName } from './source.ts';

/** Lowest and highest value, both included. */
export type Limits = readonly [lowest: number, highest: number];

const percent: Limits = [0, 100];
/** 16 TiB, more than any GPU has. */
const memoryBytes: Limits = [0, 2 ** 44];
/** Superchips whose module counts as one GPU draw some 3 kW. */
const watts: Limits = [0, 10_000];
const celsius: Limits = [-60, 200];
/** The memory of GDDR6X cards runs at 10.5 GHz, that of GDDR7 cards at 14 GHz and more. */
const hertz: Limits = [0, 50e9];
const count: Limits = [0, Number.MAX_SAFE_INTEGER];

/**
 * Between which values a reading can be true, in its own unit; whatever lies outside is a sensor error and counts as `out_of_range`
 * (drivers do give 808,334,905 %). The one table for all sources.
 */
export const readingLimits: Readonly<Record<ReadingName, Limits>> = {
  utilPercent: percent,
  memCopyPercent: percent,
  encoderPercent: percent,
  decoderPercent: percent,
  memoryUsedBytes: memoryBytes,
  memoryFreeBytes: memoryBytes,
  memoryReservedBytes: memoryBytes,
  memoryTotalBytes: memoryBytes,
  systemMemoryTotalBytes: memoryBytes,
  systemMemoryAvailableBytes: memoryBytes,
  systemMemoryUsedBytes: memoryBytes,
  powerWatts: watts,
  powerLimitWatts: watts,
  energyJoules: count,
  temperatureCelsius: celsius,
  memoryTemperatureCelsius: celsius,
  // The share of the noise-tolerant maximum: it may exceed 100.
  fanPercent: [0, 200],
  smClockHertz: hertz,
  memoryClockHertz: hertz,
  graphicsClockHertz: hertz,
  videoClockHertz: hertz,
  // 32 stands for an unknown state.
  performanceState: [0, 15],
  pcieGeneration: [0, 16],
  pcieWidth: [0, 64],
  pcieReplayCount: count,
  processCount: count,
};

/** The same for the samples of a channel, in the channel's unit. */
export const channelLimits: Readonly<Record<ChannelName, Limits>> = {
  util: readingLimits.utilPercent,
  memCopy: readingLimits.memCopyPercent,
  memUsed: [memoryBytes[0] / 2 ** 20, memoryBytes[1] / 2 ** 20],
  power: readingLimits.powerWatts,
};

/** A GPU that is no warmer may have a memory of 0 °C. */
const coldCelsius = 10;

/** Whether a memory temperature is the 0 that stands for a sensor that is not there: beside a GPU that is warm, or says nothing. */
export function isSensorless(memoryCelsius: number, gpuCelsius: number | undefined): boolean {
  return memoryCelsius === 0 && (gpuCelsius ?? Infinity) > coldCelsius;
}

/** Whether a value lies within its limits; not a number does not. */
export function isWithin(value: number, [lowest, highest]: Limits): boolean {
  return value >= lowest && value <= highest;
}

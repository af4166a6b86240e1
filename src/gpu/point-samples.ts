import type { ChannelName, ChannelSamples, Readings } from './source.ts';

/** Readings of one moment as samples of the channels: for sources that see single points only. */
export function samplesOf(
  readings: Readings,
  timeMs: number,
): Partial<Record<ChannelName, ChannelSamples>> {
  const { utilPercent, memCopyPercent, memoryUsedBytes, powerWatts } = readings;
  const values: Readonly<Record<ChannelName, number | undefined>> = {
    util: utilPercent,
    memCopy: memCopyPercent,
    memUsed: memoryUsedBytes === undefined ? undefined : memoryUsedBytes / 2 ** 20,
    power: powerWatts,
  };
  const samples: Partial<Record<ChannelName, ChannelSamples>> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    samples[name as ChannelName] = { timesMs: [timeMs], values: [value] };
  }
  return samples;
}

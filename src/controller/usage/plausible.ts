import { plausible as limits } from '../../analysis/thresholds.ts';
import type { UsageChannel } from '../../analysis/verdict.ts';

const byChannel: Readonly<Record<UsageChannel, readonly [number, number]>> = {
  util: limits.percent,
  memCopy: limits.percent,
  memUsed: limits.memUsedMiB,
  power: limits.powerWatts,
};

/** The value, or NaN where it cannot be one: not a number, infinite, negative, out of range. Nothing is clipped. */
export function plausible(channel: UsageChannel, value: number): number {
  const [lowest, highest] = byChannel[channel];
  return value >= lowest && value <= highest ? value : Number.NaN;
}

import type { UsageChannel } from '../../analysis/verdict.ts';

/** Percentages; drivers are known to give values such as 65535 or 2^31 now and then. */
const bounded: ReadonlySet<UsageChannel> = new Set(['util', 'memCopy']);
/** Above what any GPU has or draws: 16 TiB in MiB, 100 kW. */
const mostOther = { memUsed: 16 * 1024 * 1024, power: 100_000 } as const;

/** The value, or NaN where it cannot be one: not a number, infinite, negative, out of range. Nothing is clipped. */
export function plausible(channel: UsageChannel, value: number): number {
  const most = bounded.has(channel) ? 100 : mostOther[channel as keyof typeof mostOther];
  return value >= 0 && value <= most ? value : Number.NaN;
}

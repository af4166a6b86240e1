import { meanBins, type TimedValues } from './bins.ts';

export const historyChannels = ['util', 'memUsed', 'power'] as const;
export type HistoryChannel = (typeof historyChannels)[number];
export type ChannelHistory = Readonly<Partial<Record<HistoryChannel, TimedValues>>>;
type Means = Readonly<Record<HistoryChannel, number | null>>;

/** A minute is averaged when it is this long over: samples of a driver's ring arrive late. */
const lateMinutes = 1;

/** Means of each minute of the last day for the long ranges of the page; samples themselves are kept for minutes only. */
export class MinuteHistory {
  readonly #keptMinutes: number;
  readonly #means = new Map<string, Map<number, Means>>();
  #doneMinute = Number.NEGATIVE_INFINITY;

  constructor(keptMinutes = 24 * 60) {
    this.#keptMinutes = keptMinutes;
  }

  /** Often enough: `history` has to reach back over three minutes. */
  record(
    nowSeconds: number,
    uuids: readonly string[],
    history: (uuid: string) => ChannelHistory | null,
  ): void {
    const minute = Math.floor(nowSeconds / 60) - 1 - lateMinutes;
    if (minute === this.#doneMinute) return;
    this.#doneMinute = minute;
    for (const uuid of uuids) {
      const channels = history(uuid) ?? {};
      const mean = (channel: HistoryChannel): number | null =>
        meanBins(channels[channel], 60 * minute, 1, 60)[0] ?? null;
      const kept = this.#means.get(uuid) ?? new Map<number, Means>();
      kept.set(minute, { util: mean('util'), memUsed: mean('memUsed'), power: mean('power') });
      this.#means.set(uuid, kept);
    }
    this.#forget(minute);
  }

  /** One value per minute from `startMinute` (Unix minutes) on; null: nothing known of that minute. */
  means(
    uuid: string,
    channel: HistoryChannel,
    startMinute: number,
    count: number,
  ): (number | null)[] {
    const kept = this.#means.get(uuid);
    return Array.from(
      { length: count },
      (_, offset) => kept?.get(startMinute + offset)?.[channel] ?? null,
    );
  }

  #forget(minute: number): void {
    for (const [uuid, kept] of this.#means) {
      for (const at of kept.keys()) {
        // A minute ahead was seen before the clock was set back.
        if (at <= minute - this.#keptMinutes || at > minute) kept.delete(at);
      }
      if (kept.size === 0) this.#means.delete(uuid);
    }
  }
}

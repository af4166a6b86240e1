import { meanBins } from './bins.ts';
import type { ChannelHistory, HistoryChannel, MinuteHistory } from './minute-history.ts';

export interface HistoryParts {
  readonly nowSeconds: number;
  /** For so long samples are kept. */
  readonly historySeconds: number;
  readonly uuids: readonly string[];
  readonly history: (uuid: string, seconds: number) => ChannelHistory | null;
  readonly minutes: Pick<MinuteHistory, 'means'>;
}

export interface HistoryAsked {
  readonly seconds: number;
  /** Unix seconds; nothing before it is wanted. */
  readonly from: number;
  readonly stepSeconds: 1 | 60;
}

/** Means per second from the samples, or per minute from the samples and, before them, the means that were kept. */
export function historyAnswer(
  parts: HistoryParts,
  { seconds, from, stepSeconds }: HistoryAsked,
): object {
  const now = stepSeconds * Math.floor(parts.nowSeconds / stepSeconds);
  const earliest = now - seconds + stepSeconds;
  const startSeconds =
    stepSeconds * Math.floor(Math.min(now, Math.max(earliest, from)) / stepSeconds);
  const count = (now - startSeconds) / stepSeconds + 1;
  const reach = Math.min(parts.historySeconds, count * stepSeconds) + stepSeconds;
  const gpus = parts.uuids.map((uuid) => {
    const channels = parts.history(uuid, reach) ?? {};
    const bins = (channel: HistoryChannel): (number | null)[] => {
      const fresh = meanBins(channels[channel], startSeconds, count, stepSeconds);
      if (stepSeconds === 1) return fresh;
      const kept = parts.minutes.means(uuid, channel, startSeconds / 60, count);
      return fresh.map((mean, at) => kept[at] ?? mean);
    };
    return [
      uuid,
      { util: bins('util'), memUsedMiB: bins('memUsed'), powerWatts: bins('power') },
    ] as const;
  });
  return { startSeconds, stepSeconds, gpus: Object.fromEntries(gpus) };
}

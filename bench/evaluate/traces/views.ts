import type { GpuUsage, UsageChannel } from '../../../src/analysis/verdict.ts';
import { pointSample } from './trace.ts';

/** A recording as another logger would have made it; null where there is nothing of the kind in it. */
export type View = (usage: GpuUsage) => GpuUsage | null;

function only(...names: readonly UsageChannel[]): View {
  return (usage) => {
    const [needed] = names;
    if (usage.channels[needed!] === undefined || usage.channels.util === undefined) return null;
    const channels = Object.entries(usage.channels).filter(([name]) =>
      names.includes(name as UsageChannel),
    );
    return { ...usage, channels: Object.fromEntries(channels) };
  };
}

/** Every so many seconds, where that is slower than the recording is. */
function every(seconds: number): View {
  return (usage) => {
    const times = Object.values(usage.channels)[0]?.timesSeconds;
    if (times === undefined || times.length < 2) return null;
    const step = (times.at(-1)! - times[0]!) / (times.length - 1);
    return step < seconds / 1.5 ? pointSample(usage, seconds) : null;
  };
}

export const views: Readonly<Record<string, View>> = {
  power_only: only('power'),
  power_and_memory: only('power', 'memUsed'),
  util_only: only('util'),
  every_1s: every(1),
  every_5s: every(5),
  every_15s: every(15),
};

import { pointSample } from '../../bench/evaluate/traces/trace.ts';
import type { GpuUsage, UsageChannel } from '../../src/analysis/verdict.ts';
import { recordedUsage } from '../../src/controller/recorded-usage.ts';
import { readRecordedReply } from '../../src/prometheus/recorded-reply.ts';

const families: Readonly<Record<UsageChannel, readonly [name: string, perUnit: number]>> = {
  util: ['gpu_utilization_ratio', 1 / 100],
  memCopy: ['gpu_memory_copy_utilization_ratio', 1 / 100],
  memUsed: ['gpu_memory_used_bytes', 1024 * 1024],
  power: ['gpu_power_watts', 1],
};

/** The reply of Prometheus to a range query over a GPU that is scraped at an even interval. */
function replyOf(scraped: GpuUsage): string {
  const result = Object.entries(scraped.channels).map(([channel, { timesSeconds, values }]) => {
    const [name, perUnit] = families[channel as UsageChannel];
    return {
      metric: { __name__: name, node: 'node-1', gpu: '0', uuid: 'GPU-0' },
      values: [...timesSeconds].map((time, i) => [time, String(values[i]! * perUnit)]),
    };
  });
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
}

/** What the controller analyses of a GPU whose collector is scraped at an even interval: the newest sample at each scrape, by way of a reply of Prometheus. */
export function scrapedUsage(usage: GpuUsage, intervalSeconds: number): GpuUsage {
  const reply = replyOf(pointSample(usage, intervalSeconds));
  const [gpu] = recordedUsage(readRecordedReply(JSON.parse(reply)), ['node']);
  const { memoryTotalMiB, powerLimitWatts } = usage;
  const channels = gpu?.usage.channels ?? {};
  return { channels, sampling: 'scraped', memoryTotalMiB, powerLimitWatts };
}

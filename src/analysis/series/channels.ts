import type { UsageChannel } from '../verdict.ts';
import { channelGate } from '../thresholds.ts';
import { deviation, maximum, minimum, percentile, sorted } from './statistics.ts';

/**
 * The values of a channel in the unit in which cycles are looked for (memory: percent of its maximum), or null when it moves too little for a cycle to be
 * more than its noise. Why several channels: in data-parallel training all ranks but one show full utilisation while they wait, and only power or memory cycles.
 */
export function movingValues(channel: UsageChannel, values: Float64Array): Float64Array | null {
  const largest = maximum(values);
  const least = leastRange(channel, largest);
  // The whole range is no less than that between percentiles: most series that stand still are spared the sorting.
  if (largest - minimum(values) < least) return null;
  const ascending = sorted(values);
  if (percentile(ascending, 99) - percentile(ascending, 1) < least) return null;
  const scaled = channel === 'memUsed' ? values.map((value) => (100 * value) / largest) : values;
  const scale = channel === 'memUsed' ? 100 / largest : 1;
  const fullRange = (ascending[ascending.length - 1]! - ascending[0]!) * scale;
  if (fullRange <= channelGate.minRange || deviation(scaled) < channelGate.minDeviation)
    return null;
  return scaled;
}

function leastRange(channel: UsageChannel, largest: number): number {
  switch (channel) {
    case 'memUsed':
      return Math.max(channelGate.memoryMiB, channelGate.memoryShareOfMax * largest);
    case 'power':
      return Math.max(channelGate.powerWatts, channelGate.powerShareOfMax * largest);
    default:
      return channelGate.percentPoints;
  }
}

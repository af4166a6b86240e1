import type { GpuHistory } from '../../sampling/gpu-record.ts';
import type { GpuSnapshot } from '../../sampling/snapshot.ts';

/** Readings of one and the same moment: clocks and temperature are read seldom, so the rest is taken from when they were. */
export interface Moment {
  readonly timeMs: number;
  readonly utilPercent: number | null;
  readonly memoryUsedMiB: number | null;
  readonly powerWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly smClockMHz: number | null;
}

/** Readings so far apart still count as one moment, ms: memory is read seldom and stands still for long. */
const togetherMs = { util: 1_500, memUsed: 16_000, power: 1_500 } as const;
type MomentChannel = keyof typeof togetherMs;
const bytesPerMiB = 1024 * 1024;

/** null: nothing was read yet, or the GPU is down. */
export function momentOf(
  { readings, readAtMs = {} }: GpuSnapshot,
  history: GpuHistory,
): Moment | null {
  const timeMs =
    readAtMs.smClockHertz ??
    readAtMs.temperatureCelsius ??
    readAtMs.powerWatts ??
    readAtMs.utilPercent ??
    readAtMs.memoryUsedBytes;
  if (timeMs === undefined) return null;
  const at = (
    name: 'utilPercent' | 'memoryUsedBytes' | 'powerWatts',
    channel: MomentChannel,
    perUnit = 1,
  ): number | null => {
    const reading = readings[name];
    const ageMs = Math.abs((readAtMs[name] ?? Number.NEGATIVE_INFINITY) - timeMs);
    if (reading !== undefined && ageMs < togetherMs.power) return reading / perUnit;
    const sample = sampleAt(history[channel], timeMs, togetherMs[channel]);
    return (
      sample ?? (reading !== undefined && ageMs < togetherMs[channel] ? reading / perUnit : null)
    );
  };
  return {
    timeMs,
    utilPercent: at('utilPercent', 'util'),
    memoryUsedMiB: at('memoryUsedBytes', 'memUsed', bytesPerMiB),
    powerWatts: at('powerWatts', 'power'),
    temperatureCelsius: readings.temperatureCelsius ?? null,
    smClockMHz: readings.smClockHertz === undefined ? null : readings.smClockHertz / 1e6,
  };
}

/** The sample nearest to a time; null where none is near. */
function sampleAt(series: GpuHistory['util'], timeMs: number, withinMs: number): number | null {
  let best: number | null = null;
  let bestGapMs = withinMs;
  for (const [i, seconds] of (series?.timesSeconds ?? []).entries()) {
    const gapMs = Math.abs(1000 * seconds - timeMs);
    if (gapMs > bestGapMs) continue;
    best = series?.values[i] ?? null;
    bestGapMs = gapMs;
  }
  return best;
}

import { lowerBound } from '../../lib/lower-bound.ts';
import type { GpuUsage, UsageChannel, UsageSeries } from '../verdict.ts';
import { mergeClumps } from './clumps.ts';
import { toGrid, type GridSeries } from './grid.ts';
import { sanitise } from './sanitise.ts';
import { medianInPlace } from './statistics.ts';

/** In the order in which cycles are looked for when they are equally clear. */
const channelOrder: readonly UsageChannel[] = ['util', 'memCopy', 'memUsed', 'power'];

const nothing: UsageSeries = { timesSeconds: new Float64Array(0), values: new Float64Array(0) };

/** The sanitised channels of one GPU; each is put on its own even grid when first asked for, because an idle GPU needs only one. */
export class PreparedUsage {
  readonly channels: readonly UsageChannel[];
  /** Time of the newest sample of any channel; NaN without samples. */
  readonly endSeconds: number;
  /** From the oldest sample of any channel to the newest, seconds; 0 without samples. */
  readonly spanSeconds: number;
  readonly #series = new Map<UsageChannel, UsageSeries>();
  readonly #grids = new Map<UsageChannel, GridSeries | null>();

  readonly #longestSeconds: number;

  /** `longestSeconds`: how far back a grid reaches. Older samples would only make its steps coarser, one wild stamp among them very much. */
  constructor(usage: GpuUsage, longestSeconds: number) {
    this.#longestSeconds = longestSeconds;
    let first = Infinity;
    let last = -Infinity;
    for (const channel of channelOrder) {
      const given = usage.channels[channel];
      if (given === undefined) continue;
      const series = mergeClumps(sanitise(channel, given));
      if (series.values.length === 0) continue;
      this.#series.set(channel, series);
      first = Math.min(first, series.timesSeconds[0]!);
      last = Math.max(last, series.timesSeconds[series.timesSeconds.length - 1]!);
    }
    this.channels = [...this.#series.keys()];
    this.endSeconds = last === -Infinity ? Number.NaN : last;
    this.spanSeconds = Math.max(0, last - first);
  }

  series(channel: UsageChannel): UsageSeries | undefined {
    return this.#series.get(channel);
  }

  grid(channel: UsageChannel): GridSeries | null {
    const known = this.#grids.get(channel);
    if (known !== undefined) return known;
    const series = this.#series.get(channel);
    const grid = series === undefined ? null : toGrid(this.recent(channel, this.#longestSeconds));
    this.#grids.set(channel, grid);
    return grid;
  }

  /** Median of the samples in the last `seconds`; null without any. */
  recentMedian(channel: UsageChannel, seconds: number): number | null {
    const recent = this.recent(channel, seconds).values;
    return recent.length === 0 ? null : medianInPlace(Float64Array.from(recent));
  }

  sampleCount(channel: UsageChannel, seconds: number): number {
    return this.recent(channel, seconds).values.length;
  }

  /** The samples of the last `seconds` before the newest of any channel; shares their memory. */
  recent(channel: UsageChannel, seconds: number): UsageSeries {
    const series = this.#series.get(channel);
    if (series === undefined) return nothing;
    const first = lowerBound(series.timesSeconds, this.endSeconds - seconds);
    if (first === 0) return series;
    return {
      timesSeconds: series.timesSeconds.subarray(first),
      values: series.values.subarray(first),
    };
  }
}

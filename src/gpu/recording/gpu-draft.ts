import type { ChannelName } from '../source.ts';
import { gapsOf } from './gaps.ts';
import type { Interruption, RecordedGpu, RecordedSeries } from './recorded-gpu.ts';

const firstCapacity = 1_024;

/** Numbers that come one by one, kept as doubles: a million rows are eight megabytes. */
class GrowingColumn {
  #values = new Float64Array(firstCapacity);

  set(at: number, value: number): void {
    if (at >= this.#values.length) {
      // The old memory is given back at once, not when the collector of garbage comes by.
      this.#values = new Float64Array(this.#values.buffer.transfer(2 * this.#values.byteLength));
    }
    this.#values[at] = value;
  }

  upTo(count: number): Float64Array {
    return this.#values.subarray(0, count);
  }
}

/** What is known of one GPU while its rows come in. A row has a time; a channel has a value in it or none (NaN). */
export class GpuDraft {
  readonly id: string | null;
  model: string | null = null;
  memoryTotalMiB: number | null = null;
  powerLimitWatts: number | null = null;
  readonly #times = new GrowingColumn();
  readonly #channels = new Map<ChannelName, GrowingColumn>();
  readonly #interruptions: Interruption[] = [];
  #rows = 0;
  #lastSeconds = Number.NaN;
  #ascends = true;

  constructor(id: string | null) {
    this.id = id;
  }

  get rows(): number {
    return this.#rows;
  }

  /** NaN before the first row. */
  get lastSeconds(): number {
    return this.#lastSeconds;
  }

  /** Of the rows, as they came. */
  get times(): Float64Array {
    return this.#times.upTo(this.#rows);
  }

  get usualSpacingSeconds(): number {
    const gaps = gapsOf(this.times).sort();
    return gaps[gaps.length >> 1] ?? 0;
  }

  addRow(timeSeconds: number): void {
    this.#times.set(this.#rows, timeSeconds);
    if (timeSeconds < this.#lastSeconds) this.#ascends = false;
    const last = this.#interruptions.at(-1);
    if (last?.toSeconds === null) {
      this.#interruptions[this.#interruptions.length - 1] = { ...last, toSeconds: timeSeconds };
    }
    this.#lastSeconds = timeSeconds;
    for (const column of this.#channels.values()) column.set(this.#rows, Number.NaN);
    this.#rows += 1;
  }

  /** Of the newest row. */
  setValue(channel: ChannelName, value: number): void {
    let column = this.#channels.get(channel);
    if (column === undefined) {
      column = new GrowingColumn();
      for (let i = 0; i < this.#rows; i++) column.set(i, Number.NaN);
      this.#channels.set(channel, column);
    }
    column.set(this.#rows - 1, value);
  }

  /** From the newest row to the next one. Said again before that, it is the same one. */
  interrupt(kind: Interruption['kind'], text: string): void {
    if (this.#rows === 0 || this.#interruptions.at(-1)?.toSeconds === null) return;
    this.#interruptions.push({ kind, fromSeconds: this.#lastSeconds, toSeconds: null, text });
  }

  /** A GPU of its own from each `count`-th row, beginning with row `first`; its name is its place. */
  every(count: number, first: number): GpuDraft {
    const part = new GpuDraft(`row ${first + 1} of ${count}`);
    const { model, memoryTotalMiB, powerLimitWatts } = this;
    Object.assign(part, { model, memoryTotalMiB, powerLimitWatts });
    for (let row = first; row < this.#rows; row += count) {
      part.addRow(this.times[row]!);
      for (const [channel, column] of this.#channels) {
        part.setValue(channel, column.upTo(this.#rows)[row]!);
      }
    }
    part.#interruptions.push(...this.#interruptions);
    return part;
  }

  /** One row of those that are no further apart than the border: their means. */
  merged(borderSeconds: number): GpuDraft {
    const whole = new GpuDraft(this.id);
    const { times } = this;
    const ends = (row: number): boolean => !(times[row + 1]! - times[row]! <= borderSeconds);
    for (let row = 0, first = 0; row < this.#rows; row += 1) {
      if (!ends(row)) continue;
      whole.addRow(times[first]!);
      for (const [channel, column] of this.#channels) {
        const values = column
          .upTo(this.#rows)
          .subarray(first, row + 1)
          .filter(Number.isFinite);
        const sum = values.reduce((before, value) => before + value, 0);
        whole.setValue(channel, values.length === 0 ? Number.NaN : sum / values.length);
      }
      first = row + 1;
    }
    return whole;
  }

  finish(timeBase: RecordedGpu['timeBase']): RecordedGpu {
    const order = this.#ascends ? null : this.#ascendingOrder();
    const times = this.#sorted(this.#times, order);
    const channels: Partial<Record<ChannelName, RecordedSeries>> = {};
    for (const [channel, column] of this.#channels) {
      const series = withoutHoles(times, this.#sorted(column, order));
      if (series.values.length > 0) channels[channel] = series;
    }
    const { id, model, memoryTotalMiB, powerLimitWatts } = this;
    const facts = { id, model, timeBase, memoryTotalMiB, powerLimitWatts };
    return { ...facts, channels, interruptions: this.#interruptions };
  }

  #ascendingOrder(): Uint32Array {
    const times = this.#times.upTo(this.#rows);
    return Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  }

  #sorted(column: GrowingColumn, order: Uint32Array | null): Float64Array {
    const values = column.upTo(this.#rows);
    return order === null ? values : Float64Array.from(order, (at) => values[at]!);
  }
}

/** Plain loops: callbacks over a million numbers leave a million objects behind. */
function withoutHoles(times: Float64Array, values: Float64Array): RecordedSeries {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) count += 1;
  if (count === values.length) return { timesSeconds: times, values };
  const kept = { timesSeconds: new Float64Array(count), values: new Float64Array(count) };
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    kept.timesSeconds[at] = times[i]!;
    kept.values[at] = values[i]!;
    at += 1;
  }
  return kept;
}

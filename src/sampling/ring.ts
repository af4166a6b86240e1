/** A stretch of samples, oldest first. Times are Unix seconds. */
export interface TimedValues {
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
}

export interface RingOptions {
  /** Samples older than this, counted from the newest, are dropped. */
  readonly historyMs: number;
  /** Bound of memory: 12 bytes per sample. When full, the oldest go. */
  readonly capacityMax: number;
}

/** A clock set back by more than this makes the kept times useless: the ring starts anew. */
const clockSetBackMs = 5_000;
const capacityAtStart = 128;

/**
 * The samples of one channel of one GPU in time order. Grows by doubling to what the rate of samples needs, so that a source
 * read once in 5 s does not hold the memory of one with six samples a second.
 */
export class Ring {
  readonly #options: RingOptions;
  #timesMs: Float64Array;
  #values: Float32Array;
  #start = 0;
  #length = 0;

  constructor(options: RingOptions) {
    this.#options = options;
    const capacity = Math.min(capacityAtStart, options.capacityMax);
    this.#timesMs = new Float64Array(capacity);
    this.#values = new Float32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Wall clock of the newest sample, ms; null while empty. */
  get newestMs(): number | null {
    return this.#length === 0 ? null : this.timeMs(this.#length - 1);
  }

  /** `index` 0 is the oldest. */
  timeMs(index: number): number {
    return this.#timesMs[this.#slot(index)] ?? Number.NaN;
  }

  value(index: number): number {
    return this.#values[this.#slot(index)] ?? Number.NaN;
  }

  /** False: dropped, because it is not newer than the newest (rings of drivers repeat themselves) or not a number. */
  push(timeMs: number, value: number): boolean {
    if (!Number.isFinite(timeMs) || !Number.isFinite(value)) return false;
    const newestMs = this.newestMs;
    if (newestMs !== null && timeMs <= newestMs) {
      if (newestMs - timeMs <= clockSetBackMs) return false;
      this.#start = 0;
      this.#length = 0;
    }
    this.#dropOlderThan(timeMs - this.#options.historyMs);
    if (this.#length === this.#timesMs.length) this.#makeRoom();
    const slot = this.#slot(this.#length);
    this.#timesMs[slot] = timeMs;
    this.#values[slot] = value;
    this.#length += 1;
    return true;
  }

  /** Index of the first sample after `timeMs`; `length` when there is none. */
  firstAfter(timeMs: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeMs(middle) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A copy of all samples after `timeMs`. */
  copyAfter(timeMs: number): TimedValues {
    const first = this.firstAfter(timeMs);
    const count = this.#length - first;
    const timesSeconds = new Float64Array(count);
    const values = new Float64Array(count);
    for (let i = 0; i < count; i += 1) {
      timesSeconds[i] = this.timeMs(first + i) / 1_000;
      values[i] = this.value(first + i);
    }
    return { timesSeconds, values };
  }

  #slot(index: number): number {
    const slot = this.#start + index;
    const capacity = this.#timesMs.length;
    return slot < capacity ? slot : slot - capacity;
  }

  #dropOlderThan(timeMs: number): void {
    while (this.#length > 0 && this.timeMs(0) < timeMs) {
      this.#start = this.#slot(1);
      this.#length -= 1;
    }
  }

  #makeRoom(): void {
    const capacity = Math.min(2 * this.#timesMs.length, this.#options.capacityMax);
    if (capacity === this.#timesMs.length) {
      this.#start = this.#slot(1);
      this.#length -= 1;
      return;
    }
    const timesMs = new Float64Array(capacity);
    const values = new Float32Array(capacity);
    for (let i = 0; i < this.#length; i += 1) {
      timesMs[i] = this.timeMs(i);
      values[i] = this.value(i);
    }
    this.#timesMs = timesMs;
    this.#values = values;
    this.#start = 0;
  }
}

const mostOffsetMs = 2 ** 32 - 1;
const smallestCapacity = 32;
/** Turns a value into the 32 bits of a float and back, so that a ring is one array: small arrays are mostly overhead. */
const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/**
 * The last samples of one series, ascending in time, each time once. 8 bytes a sample: times as 32-bit milliseconds from a base
 * (exact, as Prometheus stores milliseconds), values as 32-bit floats (exact for percentages and whole MiB, 7 digits otherwise).
 */
export class SeriesRing {
  #baseMs = 0;
  /** Offset and value of each slot, in turn. */
  #slots = new Uint32Array(smallestCapacity * 2);
  #start = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Unix milliseconds of the newest sample; NaN without samples. */
  get newestMs(): number {
    return this.#count === 0 ? Number.NaN : this.#timeMs(this.#count - 1);
  }

  /** The newest sample up to a time: some exporters date samples themselves, and not always rightly. NaN without one. */
  newestUntil(untilMs: number): number {
    for (let at = this.#count - 1; at >= 0; at -= 1) {
      const timeMs = this.#timeMs(at);
      if (timeMs <= untilMs) return timeMs;
    }
    return Number.NaN;
  }

  /** Adds a sample. One with a time that is there already is dropped; one from the past is put in its place. */
  add(timeMs: number, value: number): void {
    if (this.#count === 0) {
      this.#baseMs = timeMs;
    } else if (timeMs <= this.newestMs) {
      this.#insert(timeMs, value);
      return;
    }
    if (timeMs - this.#baseMs > mostOffsetMs) this.#rebase();
    if (timeMs - this.#baseMs > mostOffsetMs) {
      // A gap of more than seven weeks: what lies before it is of no use to any window.
      this.#start = 0;
      this.#count = 0;
      this.#baseMs = timeMs;
    }
    if (this.#count === this.#capacity) this.#resize(this.#count + (this.#count >> 1));
    const slot = this.#slot(this.#count);
    asFloat[0] = value;
    this.#slots[slot] = timeMs - this.#baseMs;
    this.#slots[slot + 1] = asBits[0] ?? 0;
    this.#count += 1;
  }

  /** Forgets samples at or before `timeMs`, the newest one excepted: its age is a fact of its own. */
  forgetUntil(timeMs: number): void {
    while (this.#count > 1 && this.#timeMs(0) <= timeMs) {
      this.#start = (this.#start + 1) % this.#capacity;
      this.#count -= 1;
    }
    const needed = Math.max(smallestCapacity, this.#count + (this.#count >> 1));
    if (this.#capacity > needed * 2) this.#resize(needed);
  }

  /** Copies the samples after `fromMs`, up to `untilMs`. */
  between(fromMs: number, untilMs: number): { timesMs: Float64Array; values: Float64Array } {
    let first = 0;
    let end = this.#count;
    while (first < end && this.#timeMs(first) <= fromMs) first += 1;
    while (end > first && this.#timeMs(end - 1) > untilMs) end -= 1;
    const timesMs = new Float64Array(end - first);
    const values = new Float64Array(end - first);
    for (let at = first; at < end; at += 1) {
      timesMs[at - first] = this.#timeMs(at);
      asBits[0] = this.#slots[this.#slot(at) + 1] ?? 0;
      values[at - first] = asFloat[0] ?? Number.NaN;
    }
    return { timesMs, values };
  }

  get #capacity(): number {
    return this.#slots.length / 2;
  }

  /** Where the sample at a position, counted from the oldest, is kept. */
  #slot(position: number): number {
    return ((this.#start + position) % this.#capacity) * 2;
  }

  #timeMs(position: number): number {
    return this.#baseMs + (this.#slots[this.#slot(position)] ?? 0);
  }

  /** Samples fetched twice end here and are found near the end; a sample that belongs in between is rare (back-fill out of order, late arrival). */
  #insert(timeMs: number, value: number): void {
    let place = this.#count;
    while (place > 0 && this.#timeMs(place - 1) >= timeMs) place -= 1;
    if (this.#timeMs(place) === timeMs) return;
    const { timesMs, values } = this.between(-Infinity, Infinity);
    this.#fill(
      [...timesMs.subarray(0, place), timeMs, ...timesMs.subarray(place)],
      [...values.subarray(0, place), value, ...values.subarray(place)],
    );
  }

  #rebase(): void {
    const { timesMs, values } = this.between(-Infinity, Infinity);
    this.#fill([...timesMs], [...values]);
  }

  #fill(timesMs: readonly number[], values: readonly number[]): void {
    this.#start = 0;
    this.#count = 0;
    for (const [at, timeMs] of timesMs.entries()) this.add(timeMs, values[at] ?? Number.NaN);
  }

  #resize(capacity: number): void {
    const slots = new Uint32Array(capacity * 2);
    for (let at = 0; at < this.#count; at += 1) {
      const slot = this.#slot(at);
      slots[at * 2] = this.#slots[slot] ?? 0;
      slots[at * 2 + 1] = this.#slots[slot + 1] ?? 0;
    }
    this.#slots = slots;
    this.#start = 0;
  }
}

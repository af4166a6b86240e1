import type { DateOrder } from './recorded-gpu.ts';
import { readStamp, type NoStamp, type Stamp } from './time-stamp.ts';

/** A stamp of nvidia-smi is `2026/01/31 23:59:59.123`, and the next one is mostly of the same minute. */
const minuteLetters = '2026/01/31 23:59:'.length;
const daySeconds = 86_400;

/** Reads the stamps of one recording, one after the other. A time of day without a date goes on over midnight. */
export class StampReader {
  readonly #order: DateOrder | null;
  #minute = '';
  #minuteSeconds = 0;
  #base: Stamp['base'] | null = null;
  #days = 0;
  #last = 0;

  constructor(order: DateOrder | null) {
    this.#order = order;
  }

  /** Null before the first stamp. */
  get base(): Stamp['base'] | null {
    return this.#base;
  }

  read(text: string): number | NoStamp {
    if (text.length === minuteLetters + 6 && text.startsWith(this.#minute) && this.#minute !== '') {
      const rest = text.slice(minuteLetters);
      if (/^[0-5]\d\.\d{3}$/.test(rest)) return this.#minuteSeconds + Number(rest);
    }
    const stamp = readStamp(text, this.#order);
    if (typeof stamp === 'string') return stamp;
    this.#base ??= stamp.base;
    // A date that comes only now and then is none.
    if (stamp.base !== this.#base) return 'unknown';
    if (stamp.base === 'seconds') return this.#overMidnight(stamp.seconds);
    if (/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(text)) {
      this.#minute = text.slice(0, minuteLetters);
      this.#minuteSeconds = Math.round(stamp.seconds - Number(text.slice(minuteLetters)));
    }
    return stamp.seconds;
  }

  #overMidnight(seconds: number): number {
    if (seconds < this.#last - daySeconds / 2) this.#days += 1;
    this.#last = seconds;
    return this.#days * daySeconds + seconds;
  }
}

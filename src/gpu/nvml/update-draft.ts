import { isWithin, readingLimits } from '../reading-limits.ts';
import type {
  ChannelName,
  ChannelSamples,
  GpuProcess,
  GpuUpdate,
  MissingReason,
  ReadingName,
} from '../source.ts';

/** What one read finds out about one GPU, as it grows. */
export class UpdateDraft {
  readonly #readings: Partial<Record<ReadingName, number>> = {};
  readonly #missing: Partial<Record<ReadingName, MissingReason>> = {};
  readonly #samples: Partial<Record<ChannelName, ChannelSamples>> = {};
  #processes: readonly GpuProcess[] | undefined;

  /** A reading within its plausible limits (and up to `max`, where more is known of it); outside of them it is missing. */
  reading(name: ReadingName, value: number, max = Infinity): void {
    if (isWithin(value, readingLimits[name]) && value <= max) {
      this.#readings[name] = value;
      delete this.#missing[name];
    } else this.missing(name, 'out_of_range');
  }

  /** A reading of this draft. */
  value(name: ReadingName): number | undefined {
    return this.#readings[name];
  }

  /** Takes a reading back, if it is there. */
  missing(name: ReadingName, reason: MissingReason): void {
    delete this.#readings[name];
    this.#missing[name] = reason;
  }

  samples(name: ChannelName, samples: ChannelSamples): void {
    this.#samples[name] = samples;
  }

  processes(processes: readonly GpuProcess[]): void {
    this.#processes = processes;
  }

  finish(uuid: string): GpuUpdate {
    return {
      uuid,
      status: { up: true },
      readings: this.#readings,
      missing: this.#missing,
      ...(Object.keys(this.#samples).length > 0 && { samples: this.#samples }),
      ...(this.#processes !== undefined && { processes: this.#processes }),
    };
  }
}

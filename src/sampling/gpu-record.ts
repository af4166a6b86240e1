import {
  channelNames,
  type ChannelName,
  type ChannelSamples,
  type GpuDevice,
  type GpuProcess,
  type GpuStatus,
  type GpuUpdate,
  type MissingReason,
  type ReadingName,
} from '../gpu/source.ts';
import { heldMs, windowOf } from './held-value.ts';
import { Ring, type TimedValues } from './ring.ts';
import type { GpuSnapshot } from './snapshot.ts';

export interface RecordOptions {
  readonly historyMs: number;
  readonly windowMs: number;
  /** Longest time that one sample may stand for; asked anew, because it follows the cadence of the source. */
  readonly gapCapMs: () => number;
}

/** Enough for 20 samples a second, which is faster than any driver's ring. */
const samplesPerSecondMax = 20;

export type GpuHistory = Readonly<Partial<Record<ChannelName, TimedValues>>>;

/** Everything that is known about one GPU, while it is known: updates in, snapshots out. */
export class GpuRecord {
  readonly #options: RecordOptions;
  #sinceMs: number;
  readonly #rings = new Map<ChannelName, Ring>();
  #device: GpuDevice;
  #status: GpuStatus = { up: false, reason: 'not_found', detail: 'not read yet' };
  #readings: Partial<Record<ReadingName, number>> = {};
  #readAtMs: Partial<Record<ReadingName, number>> = {};
  #missing: Partial<Record<ReadingName, MissingReason>> = {};
  #processes: readonly GpuProcess[] = [];
  #attribution: GpuUpdate['attribution'] = [];
  #lastReadMs: number | null = null;
  #busyMs: number | null = null;

  /** `sinceMs`: wall clock of now. Rings of drivers reach further back; what lies before is history, but is not counted. */
  constructor(device: GpuDevice, options: RecordOptions, sinceMs: number) {
    this.#device = device;
    this.#options = options;
    this.#sinceMs = sinceMs;
  }

  get device(): GpuDevice {
    return this.#device;
  }

  get up(): boolean {
    return this.#status.up;
  }

  get lastReadMs(): number | null {
    return this.#lastReadMs;
  }

  /** New facts of the same device; the same object stays when nothing changed, because labels are kept by it. */
  redefine(device: GpuDevice): void {
    if (JSON.stringify(device) !== JSON.stringify(this.#device)) this.#device = device;
  }

  /** `nowMs`: wall clock of the read, for readings, which have no time of their own. */
  apply(update: GpuUpdate, nowMs: number): void {
    if (!update.status.up) {
      this.markDown(update.status);
      return;
    }
    this.#status = update.status;
    this.#lastReadMs = nowMs;
    for (const channel of channelNames) {
      const samples = update.samples?.[channel];
      if (samples !== undefined) this.#addSamples(channel, samples);
    }
    this.#merge(update, nowMs);
    if (update.processes !== undefined) this.#processes = update.processes;
    if (update.attribution !== undefined) this.#attribution = update.attribution;
  }

  /** Momentary values are forgotten, for a frozen number is worse than none; the samples stay, they have their times. */
  markDown(status: Extract<GpuStatus, { up: false }>): void {
    this.#status = status;
    this.#readings = {};
    this.#readAtMs = {};
    this.#missing = {};
    this.#processes = [];
    this.#attribution = [];
  }

  history(afterMs: number): GpuHistory {
    const history: Partial<Record<ChannelName, TimedValues>> = {};
    for (const [channel, ring] of this.#rings) history[channel] = ring.copyAfter(afterMs);
    return history;
  }

  snapshot(nowMs: number): GpuSnapshot {
    const { up } = this.#status;
    return Object.freeze({
      device: this.#device,
      status: this.#status,
      readings: Object.freeze({ ...this.#readings }),
      readAtMs: Object.freeze({ ...this.#readAtMs }),
      missing: Object.freeze({ ...this.#missing }),
      processes: this.#processes,
      attribution: this.#attribution ?? [],
      lastReadMs: this.#lastReadMs,
      utilWindow: up ? this.#window('util', nowMs) : null,
      memCopyWindow: up ? this.#window('memCopy', nowMs) : null,
      // Not shown while down: a counter that stands still would say that the GPU is idle.
      busySecondsTotal: up && this.#busyMs !== null ? this.#busyMs / 1_000 : null,
    });
  }

  #window(channel: ChannelName, nowMs: number): GpuSnapshot['utilWindow'] {
    const ring = this.#rings.get(channel);
    if (ring === undefined) return null;
    return windowOf(ring, nowMs, this.#options.windowMs, this.#options.gapCapMs());
  }

  #addSamples(channel: ChannelName, { timesMs, values }: ChannelSamples): void {
    const { historyMs } = this.#options;
    let ring = this.#rings.get(channel);
    if (ring === undefined) {
      const capacityMax = Math.ceil((historyMs / 1_000) * samplesPerSecondMax);
      ring = new Ring({ historyMs, capacityMax });
      this.#rings.set(channel, ring);
    }
    const gapCapMs = this.#options.gapCapMs();
    for (let i = 0; i < timesMs.length; i += 1) {
      const timeMs = timesMs[i] ?? Number.NaN;
      const value = values[i] ?? Number.NaN;
      const { newestMs } = ring;
      if (!ring.push(timeMs, value) || channel !== 'util') continue;
      // Taken although older than the newest: the clock was set back, and the start is no time to count from any more.
      if (newestMs !== null && timeMs < newestMs) this.#sinceMs = Number.NEGATIVE_INFINITY;
      const previousMs = Math.max(newestMs ?? this.#sinceMs, this.#sinceMs);
      this.#busyMs = (this.#busyMs ?? 0) + (value / 100) * heldMs(previousMs, timeMs, gapCapMs);
    }
  }

  #merge({ readings, missing }: GpuUpdate, nowMs: number): void {
    for (const [name, value] of Object.entries(readings ?? {}) as [ReadingName, number][]) {
      if (!Number.isFinite(value)) continue;
      this.#readings[name] = value;
      this.#readAtMs[name] = nowMs;
      delete this.#missing[name];
    }
    for (const [name, reason] of Object.entries(missing ?? {}) as [ReadingName, MissingReason][]) {
      this.#missing[name] = reason;
      delete this.#readings[name];
      delete this.#readAtMs[name];
    }
  }
}

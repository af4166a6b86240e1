import type { GpuDevice, GpuUpdate } from '../gpu/source.ts';
import { GpuRecord, type GpuHistory, type RecordOptions } from './gpu-record.ts';
import type { GpuSnapshot } from './snapshot.ts';

/** All GPUs that were seen since the start, by UUID. */
export class GpuRecords {
  readonly #options: RecordOptions;
  readonly #records = new Map<string, GpuRecord>();

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /**
   * The devices that the source has now. One that is gone stays, as down, so that its absence is seen;
   * it goes when its index belongs to another.
   */
  define(devices: readonly GpuDevice[], nowMs: number): void {
    for (const device of devices) {
      const known = this.#records.get(device.uuid);
      if (known === undefined) {
        this.#records.set(device.uuid, new GpuRecord(device, this.#options, nowMs));
      } else {
        known.redefine(device);
      }
    }
    const present = new Set(devices.map(({ uuid }) => uuid));
    const takenIndexes = new Set(devices.map(({ index }) => index));
    for (const [uuid, record] of this.#records) {
      if (present.has(uuid)) continue;
      if (takenIndexes.has(record.device.index)) this.#records.delete(uuid);
      else {
        const detail = 'the driver does not list it any more';
        record.markDown({ up: false, reason: 'not_found', detail });
      }
    }
  }

  /** Updates of devices that were never defined are dropped. */
  apply(updates: readonly GpuUpdate[], nowMs: number): void {
    for (const update of updates) this.#records.get(update.uuid)?.apply(update, nowMs);
  }

  /** Marks as down what was not read for longer than `staleAfterMs`. */
  expire(nowMs: number, staleAfterMs: number): void {
    for (const record of this.#records.values()) {
      const ageMs = record.lastReadMs === null ? 0 : nowMs - record.lastReadMs;
      if (!record.up || ageMs <= staleAfterMs) continue;
      const detail = `not read for ${Math.round(ageMs / 1_000)} s`;
      record.markDown({ up: false, reason: 'stale', detail });
    }
  }

  snapshots(nowMs: number): readonly GpuSnapshot[] {
    return Object.freeze(
      [...this.#records.values()]
        .sort((a, b) => a.device.index - b.device.index)
        .map((record) => record.snapshot(nowMs)),
    );
  }

  /** Samples of one GPU after `afterMs`; null when it is not known. */
  history(uuid: string, afterMs: number): GpuHistory | null {
    return this.#records.get(uuid)?.history(afterMs) ?? null;
  }
}

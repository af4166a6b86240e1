import type { GpuDevice, GpuStatus, GpuUpdate } from '../gpu/source.ts';
import { GpuRecord, type GpuHistory, type RecordOptions } from './gpu-record.ts';
import { InstanceRecords } from './instance-records.ts';
import type { GpuSnapshot } from './snapshot.ts';

/** All GPUs that were seen since the start, by UUID. */
export class GpuRecords {
  readonly #options: RecordOptions;
  readonly #records = new Map<string, GpuRecord>();
  readonly #instances = new Map<string, InstanceRecords>();

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
      this.#defineInstances(device, nowMs);
    }
    const present = new Set(devices.map(({ uuid }) => uuid));
    const takenIndexes = new Set(devices.map(({ index }) => index));
    for (const [uuid, record] of this.#records) {
      if (present.has(uuid)) continue;
      if (takenIndexes.has(record.device.index)) {
        this.#records.delete(uuid);
        this.#instances.delete(uuid);
      } else {
        const detail = 'the driver does not list it any more';
        this.#markDown(uuid, { up: false, reason: 'not_found', detail });
      }
    }
  }

  /** Updates of devices that were never defined are dropped. */
  apply(updates: readonly GpuUpdate[], nowMs: number): void {
    for (const update of updates) {
      this.#records.get(update.uuid)?.apply(update, nowMs);
      this.#instances.get(update.uuid)?.apply(update, nowMs);
    }
  }

  /** Marks as down what was not read for longer than `staleAfterMs`. */
  expire(nowMs: number, staleAfterMs: number): void {
    for (const [uuid, record] of this.#records) {
      const ageMs = record.lastReadMs === null ? 0 : nowMs - record.lastReadMs;
      if (!record.up || ageMs <= staleAfterMs) continue;
      const detail = `not read for ${Math.round(ageMs / 1_000)} s`;
      this.#markDown(uuid, { up: false, reason: 'stale', detail });
    }
  }

  snapshots(nowMs: number): readonly GpuSnapshot[] {
    return Object.freeze(
      [...this.#records.values()]
        .sort((a, b) => a.device.index - b.device.index)
        .map((record) => this.#snapshot(record, nowMs)),
    );
  }

  /** Samples of one GPU, or of one GPU instance of it, after `afterMs`; null when it is not known. */
  history(uuid: string, afterMs: number, gpuInstanceId?: number): GpuHistory | null {
    return gpuInstanceId === undefined
      ? (this.#records.get(uuid)?.history(afterMs) ?? null)
      : (this.#instances.get(uuid)?.history(gpuInstanceId, afterMs) ?? null);
  }

  #snapshot(record: GpuRecord, nowMs: number): GpuSnapshot {
    const instances = this.#instances.get(record.device.uuid)?.snapshots(nowMs) ?? [];
    const whole = record.snapshot(nowMs);
    return instances.length === 0 ? whole : Object.freeze({ ...whole, instances });
  }

  #defineInstances(device: GpuDevice, nowMs: number): void {
    let instances = this.#instances.get(device.uuid);
    if (instances === undefined) {
      if (device.migDevices === undefined) return;
      instances = new InstanceRecords(this.#options);
      this.#instances.set(device.uuid, instances);
    }
    instances.define(device, nowMs);
  }

  #markDown(uuid: string, status: Extract<GpuStatus, { up: false }>): void {
    this.#records.get(uuid)?.markDown(status);
    this.#instances.get(uuid)?.markDown(status);
  }
}

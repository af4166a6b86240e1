import type { GpuDevice, GpuStatus, GpuUpdate, MigDevice } from '../gpu/source.ts';
import { GpuRecord, type GpuHistory, type RecordOptions } from './gpu-record.ts';
import type { InstanceDevice, InstanceSnapshot } from './snapshot.ts';

interface Instance {
  readonly device: InstanceDevice;
  readonly record: GpuRecord;
}

/** The GPU instances of one GPU in MIG mode, by their number: each has samples and readings of its own. */
export class InstanceRecords {
  readonly #options: RecordOptions;
  readonly #instances = new Map<number, Instance>();

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** Instances come and go while the GPU stays; one of another profile is another one. */
  define(gpu: GpuDevice, nowMs: number): void {
    const parts = (gpu.migDevices ?? []).filter(hasInstanceId);
    for (const part of parts) {
      const device = instanceDevice(gpu, part);
      const known = this.#instances.get(part.gpuInstanceId);
      if (known !== undefined && known.device.instance.profile === part.profile) {
        if (JSON.stringify(known.device) === JSON.stringify(device)) continue;
        known.record.redefine(device);
        this.#instances.set(part.gpuInstanceId, { device, record: known.record });
      } else {
        const record = new GpuRecord(device, this.#options, nowMs);
        this.#instances.set(part.gpuInstanceId, { device, record });
      }
    }
    const present = new Set(parts.map(({ gpuInstanceId }) => gpuInstanceId));
    for (const id of this.#instances.keys()) if (!present.has(id)) this.#instances.delete(id);
  }

  apply({ uuid, status, instances = [] }: GpuUpdate, nowMs: number): void {
    if (!status.up) {
      this.markDown(status);
      return;
    }
    for (const { gpuInstanceId, ...told } of instances) {
      this.#instances.get(gpuInstanceId)?.record.apply({ ...told, uuid, status }, nowMs);
    }
  }

  markDown(status: Extract<GpuStatus, { up: false }>): void {
    for (const { record } of this.#instances.values()) record.markDown(status);
  }

  /** In the order of their numbers; without those that nothing was read of, as where a source knows that they exist and no more. */
  snapshots(nowMs: number): readonly InstanceSnapshot[] {
    return [...this.#instances]
      .filter(([, { record }]) => record.lastReadMs !== null)
      .sort(([a], [b]) => a - b)
      .map(([, { device, record }]) => Object.freeze({ ...record.snapshot(nowMs), device }));
  }

  history(gpuInstanceId: number, afterMs: number): GpuHistory | null {
    return this.#instances.get(gpuInstanceId)?.record.history(afterMs) ?? null;
  }
}

function hasInstanceId(part: MigDevice): part is InstanceDevice['instance'] {
  return part.gpuInstanceId !== undefined;
}

function instanceDevice(gpu: GpuDevice, instance: InstanceDevice['instance']): InstanceDevice {
  const { memoryTotalBytes } = instance;
  return Object.freeze({
    ...factsForAll(gpu),
    ...(memoryTotalBytes !== undefined && { memoryTotalBytes }),
    instance,
  });
}

/** Without what is true of the whole board only. */
function factsForAll({
  migDevices: _migDevices,
  memoryTotalBytes: _memory,
  powerLimitWatts: _limit,
  ...facts
}: GpuDevice): Omit<GpuDevice, 'migDevices' | 'memoryTotalBytes' | 'powerLimitWatts'> {
  return facts;
}

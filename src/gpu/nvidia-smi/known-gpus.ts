import type { GpuDevice, GpuStatus, GpuUpdate } from '../source.ts';
import { samplesOf } from '../point-samples.ts';
import { normaliseBusId } from './failure.ts';
import type { BrokenGpu } from './failure.ts';
import type { GpuRecord } from './gpu-record.ts';
import type { QueryResult } from './query.ts';

export interface KnownGpus {
  /** In the order of their index. */
  devices(): readonly GpuDevice[];
  /** The UUIDs of all but the broken ones. */
  reachable(broken: readonly BrokenGpu[]): readonly string[];
  /** One update per known GPU; `changed` when a GPU or a fact about one is new. */
  merge(result: QueryResult, timeMs: number): { updates: GpuUpdate[]; changed: boolean };
}

/**
 * What has been seen of the GPUs since the source was opened. A GPU keeps its identity and index when nvidia-smi no longer names its UUID
 * or leaves it out: it is then down, and its siblings go on.
 */
export function createKnownGpus(): KnownGpus {
  const known = new Map<string, GpuDevice>();
  const byBusId = (busId: string | undefined): GpuDevice | undefined =>
    busId === undefined
      ? undefined
      : [...known.values()].find(
          ({ pciBusId }) =>
            pciBusId !== undefined && normaliseBusId(pciBusId) === normaliseBusId(busId),
        );
  const nextIndex = (wanted: number): number => {
    const taken = new Set([...known.values()].map(({ index }) => index));
    let index = wanted;
    while (taken.has(index)) index += 1;
    return index;
  };

  /** The device that a record is about, after what is newly known of it has been stored. */
  const identify = (record: GpuRecord): { device: GpuDevice; changed: boolean } => {
    const before =
      known.get(record.device.uuid) ??
      (record.identified ? undefined : byBusId(record.device.pciBusId));
    if (!before) {
      const device = { ...record.device, index: nextIndex(record.device.index) };
      known.set(device.uuid, device);
      return { device, changed: true };
    }
    // What a GPU that is down says of itself is not trusted.
    if (!record.status.up) return { device: before, changed: false };
    const device = { ...before, ...record.device, uuid: before.uuid, index: before.index };
    const changed = JSON.stringify(device) !== JSON.stringify(before);
    known.set(device.uuid, device);
    return { device, changed };
  };

  return {
    devices: () => [...known.values()].sort((a, b) => a.index - b.index),
    reachable: (broken) =>
      [...known.values()]
        .filter(
          ({ pciBusId }) => !broken.some((gpu) => gpu.pciBusId === normaliseBusId(pciBusId ?? '')),
        )
        .map(({ uuid }) => uuid),
    merge: (result, timeMs) => {
      const updates = new Map<string, GpuUpdate>();
      let changed = false;
      for (const record of result.records) {
        const identified = identify(record);
        changed ||= identified.changed;
        updates.set(identified.device.uuid, updateOf(identified.device.uuid, record, timeMs));
      }
      for (const { uuid, pciBusId } of known.values()) {
        if (updates.has(uuid)) continue;
        updates.set(uuid, { uuid, status: absence(result.broken, pciBusId) });
      }
      return { updates: [...updates.values()], changed };
    },
  };
}

function absence(broken: readonly BrokenGpu[], pciBusId: string | undefined): GpuStatus {
  const found = broken.find((gpu) => gpu.pciBusId === normaliseBusId(pciBusId ?? ''));
  return found
    ? { up: false, reason: found.reason, detail: found.detail }
    : { up: false, reason: 'not_found', detail: 'nvidia-smi no longer lists this GPU' };
}

function updateOf(uuid: string, record: GpuRecord, timeMs: number): GpuUpdate {
  if (!record.status.up) return { uuid, status: record.status };
  return {
    uuid,
    status: record.status,
    readings: record.readings,
    missing: record.missing,
    samples: samplesOf(record.readings, timeMs),
    ...(record.processes && { processes: record.processes }),
  };
}

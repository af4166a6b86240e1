import type { Logger } from '../../lib/logger.ts';
import { SharedUuids } from '../shared-uuids.ts';
import { isStandInUuid, standInUuid, unknownModel } from '../source.ts';
import type { GpuDevice, GpuStatus, GpuUpdate, Readings } from '../source.ts';
import { samplesOf } from '../point-samples.ts';
import { normaliseBusId } from './failure.ts';
import type { BrokenGpu } from './failure.ts';
import type { GpuRecord } from './gpu-record.ts';
import type { QueryResult } from './query.ts';
import { withUnifiedMemory } from './unified.ts';

export interface KnownGpus {
  /** In the order of their index. */
  devices(): readonly GpuDevice[];
  /** What to ask for with -i when only the broken ones are left out: PCI addresses, or UUIDs of GPUs that tell none. */
  reachable(broken: readonly BrokenGpu[]): readonly string[];
  /** One update per known GPU; `systemMemory` goes to those that share it; `changed` when a GPU or a fact about one is new. */
  merge(
    result: QueryResult,
    timeMs: number,
    systemMemory: Readings,
  ): { updates: GpuUpdate[]; changed: boolean };
}

/**
 * What has been seen of the GPUs since the source was opened. A GPU keeps its identity and index when nvidia-smi no longer names its UUID
 * or leaves it out: it is then down, and its siblings go on.
 */
export function createKnownGpus({ log }: { readonly log: Logger }): KnownGpus {
  const known = new Map<string, GpuDevice>();
  const shared = new SharedUuids((uuid, devices) => {
    const gpus = devices.map(({ index, pciBusId }) => pciBusId ?? index);
    log.warn({ uuid, gpus }, 'several GPUs have one UUID: told apart by address');
  });
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
    const inPlace = byBusId(record.device.pciBusId);
    if (record.identified && inPlace && isStandInUuid(inPlace.uuid)) {
      // It tells now who it is.
      known.delete(inPlace.uuid);
      const device = { ...record.device, index: inPlace.index };
      known.set(device.uuid, device);
      log.info({ uuid: device.uuid, gpu: device.index }, 'GPU is back');
      return { device, changed: true };
    }
    const before = known.get(record.device.uuid) ?? (record.identified ? undefined : inPlace);
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

  /** A GPU that nvidia-smi has only ever named as unreachable. */
  const standIn = ({ pciBusId }: BrokenGpu): GpuDevice => ({
    index: nextIndex(0),
    uuid: standInUuid(pciBusId),
    model: unknownModel,
    pciBusId,
  });

  const toldApart = (records: readonly GpuRecord[]): GpuRecord[] => {
    const names = shared.namesOf(records.map(({ device }) => device));
    return records.map((record, at) => ({
      ...record,
      device: { ...record.device, uuid: names[at] ?? record.device.uuid },
    }));
  };

  return {
    devices: () => [...known.values()].sort((a, b) => a.index - b.index),
    reachable: (broken) =>
      [...known.values()]
        .filter(
          ({ pciBusId }) => !broken.some((gpu) => gpu.pciBusId === normaliseBusId(pciBusId ?? '')),
        )
        .map(({ uuid, pciBusId }) => pciBusId ?? uuid),
    merge: (result, timeMs, systemMemory) => {
      const updates = new Map<string, GpuUpdate>();
      let changed = false;
      for (const said of toldApart(result.records)) {
        const wasUnified = known.get(said.device.uuid)?.memoryKind === 'unified';
        const record = withSystemMemory(withUnifiedMemory(said, wasUnified), systemMemory);
        const identified = identify(record);
        changed ||= identified.changed;
        updates.set(identified.device.uuid, updateOf(identified.device.uuid, record, timeMs));
      }
      for (const broken of result.broken) {
        if (byBusId(broken.pciBusId)) continue;
        const device = standIn(broken);
        known.set(device.uuid, device);
        changed = true;
        const { uuid, index } = device;
        log.warn({ uuid, gpu: index, detail: broken.detail }, 'GPU is down');
      }
      for (const { uuid, pciBusId } of known.values()) {
        if (updates.has(uuid)) continue;
        updates.set(uuid, { uuid, status: absence(result.broken, pciBusId) });
      }
      return { updates: [...updates.values()], changed };
    },
  };
}

function withSystemMemory(record: GpuRecord, systemMemory: Readings): GpuRecord {
  const isShared = record.device.memoryKind === 'unified' && record.status.up;
  return isShared ? { ...record, readings: { ...record.readings, ...systemMemory } } : record;
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

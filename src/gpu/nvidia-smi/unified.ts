import { heldBytes, sharesSystemMemory } from '../unified-memory.ts';
import type { GpuRecord } from './gpu-record.ts';

const memoryNames = ['memoryTotalBytes', 'memoryUsedBytes', 'memoryFreeBytes'] as const;

/** A record as of a GPU that shares the system's memory, if it is of one, or has been before: what its processes hold is what it uses. */
export function withUnifiedMemory(record: GpuRecord, wasUnified = false): GpuRecord {
  const { device, status, readings, missing, processes } = record;
  const saysNothing = memoryNames.every(
    (name) => missing[name] === 'not_available' || missing[name] === 'not_supported',
  );
  if (!status.up || !saysNothing || device.migEnabled === true) return record;
  if (!wasUnified && !sharesSystemMemory(device.model, processes)) return record;
  const used = processes === undefined ? undefined : heldBytes(processes);
  const { memoryUsedBytes: reason, ...others } = missing;
  return {
    ...record,
    device: { ...device, memoryKind: 'unified' },
    readings: { ...readings, ...(used !== undefined && { memoryUsedBytes: used }) },
    missing: { ...others, ...(used === undefined && reason && { memoryUsedBytes: reason }) },
  };
}

import type { Clock } from '../../lib/clock.ts';
import type { MissingReason } from '../source.ts';
import type { DeviceCalls } from './device-calls.ts';
import { readU64 } from './sample-ring.ts';
import { readUnifiedMemory } from './unified-memory.ts';
import type { UpdateDraft } from './update-draft.ts';

/** First word of nvmlMemory_v2_t: its size and its version. */
const memoryV2Word = 40 | (2 << 24);

interface MemoryInfo {
  readonly totalBytes: number;
  readonly reservedBytes: number | undefined;
  readonly freeBytes: number;
  readonly usedBytes: number;
}

export interface MemoryTierOptions {
  readonly clock: Clock;
  /** Where the system shows its memory. */
  readonly procRoot: string;
}

/**
 * Memory in use, and the energy counter with it (its differences give the exact mean power between any two scrapes, however it is sampled).
 * Version 2 of the memory call counts what the driver reserves apart; version 1 counts it as used.
 */
export async function readMemory(
  calls: DeviceCalls,
  draft: UpdateDraft,
  { clock, procRoot }: MemoryTierOptions,
): Promise<void> {
  const memory = await memoryInfo(calls);
  if (typeof memory === 'string') {
    for (const name of ['memoryUsedBytes', 'memoryFreeBytes', 'memoryTotalBytes'] as const) {
      draft.missing(name, memory);
    }
    draft.missing('memoryReservedBytes', memory);
    if (memory === 'not_supported') await readUnifiedMemory(calls, draft, clock, procRoot);
  } else {
    const max = memory.totalBytes;
    draft.reading('memoryTotalBytes', memory.totalBytes);
    draft.reading('memoryUsedBytes', memory.usedBytes, max);
    draft.reading('memoryFreeBytes', memory.freeBytes, max);
    if (memory.reservedBytes === undefined) draft.missing('memoryReservedBytes', 'not_supported');
    else draft.reading('memoryReservedBytes', memory.reservedBytes, max);
    if (draft.value('memoryUsedBytes') !== undefined) {
      draft.samples('memUsed', { timesMs: [clock.now()], values: [memory.usedBytes / 2 ** 20] });
    }
  }
  const millijoules = Buffer.alloc(8);
  const reason = await calls.attempt('energy', 'nvmlDeviceGetTotalEnergyConsumption', millijoules);
  if (reason !== undefined) draft.missing('energyJoules', reason);
  else draft.reading('energyJoules', readU64(millijoules, 0) / 1000);
}

/** Memory of a GPU by the newest call that its driver has. */
export async function memoryInfo(calls: DeviceCalls): Promise<MemoryInfo | MissingReason> {
  const v2 = Buffer.alloc(40);
  v2.writeUInt32LE(memoryV2Word);
  const reason = await calls.attempt('memory_v2', 'nvmlDeviceGetMemoryInfo_v2', v2);
  if (reason === undefined) {
    return {
      totalBytes: readU64(v2, 8),
      reservedBytes: readU64(v2, 16),
      freeBytes: readU64(v2, 24),
      usedBytes: readU64(v2, 32),
    };
  }
  if (!calls.device.lacking.has('memory_v2')) return reason;
  const v1 = Buffer.alloc(24);
  const reasonV1 = await calls.attempt('memory', 'nvmlDeviceGetMemoryInfo', v1);
  if (reasonV1 !== undefined) return reasonV1;
  return {
    totalBytes: readU64(v1, 0),
    reservedBytes: undefined,
    freeBytes: readU64(v1, 8),
    usedBytes: readU64(v1, 16),
  };
}

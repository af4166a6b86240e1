import type { Clock } from '../../lib/clock.ts';
import { heldBytes, readSystemMemory, sharesSystemMemory } from '../unified-memory.ts';
import type { DeviceCalls } from './device-calls.ts';
import { readProcesses } from './process-list.ts';
import type { UpdateDraft } from './update-draft.ts';

/**
 * Memory of a GPU whose driver does not support the reading, where it shares that of the system: what its processes hold, and how the
 * system fares. Nothing for any other.
 */
export async function readUnifiedMemory(
  calls: DeviceCalls,
  draft: UpdateDraft,
  clock: Clock,
  procRoot: string,
): Promise<void> {
  const { device } = calls;
  if (device.facts.migEnabled === true) return;
  const listed = await readProcesses(calls);
  const processes = typeof listed === 'string' ? undefined : listed;
  if (device.facts.memoryKind !== 'unified') {
    if (!sharesSystemMemory(device.facts.model, processes)) return;
    device.facts = { ...device.facts, memoryKind: 'unified' };
  }
  const system = await readSystemMemory(procRoot);
  for (const [name, value] of Object.entries(system)) {
    draft.reading(name as keyof typeof system, value);
  }
  const used = processes === undefined ? undefined : heldBytes(processes);
  if (used === undefined) return;
  draft.reading('memoryUsedBytes', used);
  draft.samples('memUsed', { timesMs: [clock.now()], values: [used / 2 ** 20] });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GpuProcess, ReadingName, Readings } from './source.ts';

/** Readings of the memory that processor and GPU share, as the system says them; those of other GPUs are never there. */
export const systemMemoryReadings = [
  'systemMemoryTotalBytes',
  'systemMemoryAvailableBytes',
  'systemMemoryUsedBytes',
] as const satisfies readonly ReadingName[];

/** GPUs on the chip of the processor, which have no memory of their own: DGX Spark, Jetson. */
const integratedModel = /\b(?:GB10|Thor|Orin|Xavier|Tegra)\b/i;

/**
 * Whether a GPU whose driver says nothing of its memory shares that of the system: its model is known to, or its processes do have memory.
 * A discrete card without the reading is neither.
 */
export function sharesSystemMemory(
  model: string,
  processes: readonly GpuProcess[] | undefined,
): boolean {
  return (
    integratedModel.test(model) ||
    (processes?.some(({ usedMemoryBytes = 0 }) => usedMemoryBytes > 0) ?? false)
  );
}

/** What the processes of a GPU hold, bytes; undefined where there are some and the driver tells of none. */
export function heldBytes(processes: readonly GpuProcess[]): number | undefined {
  const known = processes.flatMap(({ usedMemoryBytes }) => usedMemoryBytes ?? []);
  if (known.length === 0 && processes.length > 0) return undefined;
  return known.reduce((sum, bytes) => sum + bytes, 0);
}

/** MemTotal and MemAvailable of meminfo under `procRoot`, and what is between them; nothing where they cannot be read. */
export async function readSystemMemory(procRoot: string): Promise<Readings> {
  const text = await readFile(join(procRoot, 'meminfo'), 'utf8').catch(() => '');
  const total = bytesIn(text, 'MemTotal');
  const available = bytesIn(text, 'MemAvailable');
  if (total === undefined || available === undefined || available > total) return {};
  return {
    systemMemoryTotalBytes: total,
    systemMemoryAvailableBytes: available,
    systemMemoryUsedBytes: total - available,
  };
}

function bytesIn(meminfo: string, name: string): number | undefined {
  const line = meminfo.split('\n').find((each) => each.startsWith(`${name}:`));
  const match = /^\s*(\d{1,15}) kB\s*$/.exec(line?.slice(name.length + 1) ?? '');
  return match === null ? undefined : Number(match[1]) * 1024;
}

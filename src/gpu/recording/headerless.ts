import type { HeaderCell } from './columns.ts';
import { headerCell } from './columns.ts';
import { readStamp } from './time-stamp.ts';

/** Kinds of cells that tell what they are; each must be there once at most, or nobody knows which is which. */
const kinds: readonly { readonly column: string; readonly pattern: RegExp }[] = [
  { column: 'uuid', pattern: /^GPU-[0-9a-f-]{8,}$/i },
  { column: 'pci.bus_id', pattern: /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.\d$/i },
  // Up to where a temperature, which has no unit either, may begin.
  { column: 'index', pattern: /^(?:\d|1[0-5])$/ },
  { column: 'name', pattern: /^(?:NVIDIA|Tesla|Quadro|GeForce|TITAN|RTX|GRID)\b/i },
  { column: 'utilization.gpu', pattern: /^\d{1,3} %$/ },
  { column: 'memory.used', pattern: /^\d+ MiB$/ },
  { column: 'power.draw', pattern: /^\d+(?:[.,]\d+)? W$/ },
];

export interface Guessed {
  readonly header: readonly HeaderCell[];
  readonly names: readonly string[];
}

/**
 * What the columns of a log without a header are, from its first row: `--format=csv,noheader` leaves the units, which tell most. Null: no row of such a log.
 * unclear: one, but two of its columns may be the same thing, or one may be anything.
 */
export function guessColumns(cells: readonly string[]): Guessed | 'unclear' | null {
  const isTime = (cell: string): boolean => {
    const stamp = readStamp(cell, null);
    // A lone number may be anything.
    return stamp !== 'unknown' && cell.includes(':');
  };
  const timeAt = cells.findIndex(isTime);
  if (timeAt < 0 || cells.length < 2) return null;
  const names = cells.map((cell, at) => {
    if (at === timeAt) return 'timestamp';
    return kinds.find(({ pattern }) => pattern.test(cell))?.column ?? null;
  });
  const isClear = names.every((name, at) => name !== null && names.indexOf(name) === at);
  const hasChannel = names.some((name) => name?.includes('.') === true && name !== 'pci.bus_id');
  if (!isClear || !hasChannel) return 'unclear';
  const known = names.filter((name) => name !== null);
  return { header: known.map(headerCell), names: known };
}

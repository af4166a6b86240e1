import { styled, type StyledLine } from './styled-line.ts';
import type { Table } from './table.ts';

export interface LiveParts {
  readonly header: readonly StyledLine[];
  readonly table: Table;
  /** Newest last. */
  readonly log: readonly StyledLine[];
}

export interface LiveLayout {
  readonly lines: readonly StyledLine[];
  /** Rows of GPUs that fit at once. */
  readonly room: number;
  /** The first row that is shown, within what there is. */
  readonly offset: number;
}

/**
 * What stands on a terminal of `rows` lines: header, as many GPUs as fit from `offset` on, a line that says how many more
 * there are, and the newest lines of the log where room is left (one of them in any case, unless that would hide the GPUs).
 */
export function liveLayout(
  { header, table, log }: LiveParts,
  rows: number,
  offset: number,
): LiveLayout {
  const total = table.rows.length;
  const forGpus = Math.max(1, rows - header.length - 1);
  const logLines = Math.min(log.length, Math.max(forGpus >= 8 ? 1 : 0, forGpus - total - 1));
  const below = Math.max(1, forGpus - logLines);
  const allFit = total <= below;
  const room = allFit ? total : Math.max(1, below - 1);
  const first = Math.max(0, Math.min(offset, total - room));
  const lines = [...header, table.head, ...table.rows.slice(first, first + room)];
  if (!allFit) lines.push(moreLine(first, total - first - room));
  const newest = log.slice(log.length - logLines);
  if (newest.length > 0 && lines.length + newest.length < rows) lines.push(styled(''));
  lines.push(...newest);
  return { lines: lines.slice(0, rows), room, offset: first };
}

function moreLine(above: number, below: number): StyledLine {
  const parts = [above > 0 ? `+${above} above` : '', below > 0 ? `+${below} more` : ''];
  const words = parts.filter((part) => part !== '').join(', ');
  return styled(`${words} (scroll: arrows, PgUp, PgDn; q ends)`, 'faint');
}

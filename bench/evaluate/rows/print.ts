import type { Row } from './row.ts';
import type { Miss } from './scores.ts';

/** Rates as percent, other figures as they are. */
function figure(row: Row, value: number | null): string {
  if (value === null) return '-';
  if (row.low === null && !isShare(row)) return significant(value);
  return `${significant(100 * value)} %`;
}

/** Means of shares that have no interval: over-allocation. */
function isShare({ name }: Row): boolean {
  return /(?:_over|_error)(?:_|\[|$)/.test(name);
}

function significant(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

const headings = ['row', 'ours', '95 % interval', 'of', 'Alnair', 'target', ''] as const;

function cells(row: Row): readonly string[] {
  const { low, high, target, ok, denominator } = row;
  return [
    row.name,
    denominator === 0 ? 'no data' : figure(row, row.value),
    low === null || high === null ? '' : `${significant(100 * low)} - ${significant(100 * high)} %`,
    String(denominator),
    figure(row, row.alnair),
    target === null ? '' : figure(row, target),
    ok === null ? '' : ok ? 'ok' : 'MISSED',
  ];
}

/** The table as text, columns aligned, rows with a target first. */
export function rowsAsText(rows: readonly Row[]): string {
  const judged = rows.filter(({ target }) => target !== null);
  const others = rows.filter(({ target }) => target === null);
  const table = [headings, ...[...judged, ...others].map(cells)];
  const widths = headings.map((_, column) =>
    Math.max(...table.map((line) => line[column]!.length)),
  );
  const lines = table.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)));
  lines.splice(1 + judged.length, 0, rule);
  lines.splice(1, 0, rule);
  return `${lines.join('\n')}\n`;
}

/** One object, one line. */
export function rowsAsJson(rows: readonly Row[]): string {
  return `${JSON.stringify({ rows })}\n`;
}

/** Each wrong answer on a line, under the row it belongs to. */
export function missesAsText(misses: readonly Miss[]): string {
  const byRow = Map.groupBy(misses, ({ row }) => row);
  return [...byRow]
    .map(
      ([row, own]) =>
        `\n${row}\n${own
          .map(({ text }) => `  ${text}\n`)
          .sort()
          .join('')}`,
    )
    .join('');
}

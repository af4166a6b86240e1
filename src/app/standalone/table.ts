import { sparkline } from './sparkline.ts';
import type { GpuView } from './gpu-view.ts';
import { annotationWords, verdictWords } from './verdict-words.ts';

export interface TableRow {
  readonly gpu: GpuView;
  /** Utilisation, one value per second, oldest first; null: no sample. */
  readonly utilSeconds: readonly (number | null)[];
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly text: (row: TableRow) => string;
}

/**
 * The live table as lines no wider than `columns`. Columns fall away from the right as the terminal narrows,
 * the verdict last: it is what people look for.
 */
export function tableLines(rows: readonly TableRow[], columns: number): string[] {
  const wide = columns >= 120;
  const sparkWidth = wide ? 30 : 16;
  const all: readonly Column[] = [
    { title: 'GPU', width: 3, text: ({ gpu }) => String(gpu.index) },
    { title: 'MODEL', width: wide ? 34 : 18, text: ({ gpu }) => gpu.model },
    { title: 'UTIL', width: 5, text: ({ gpu }) => amount(gpu.utilPercent, 0, '%') },
    {
      title: 'LAST 2 MINUTES',
      width: sparkWidth,
      text: ({ utilSeconds }) => sparkline(utilSeconds, sparkWidth),
    },
    { title: 'VERDICT', width: 30, text: ({ gpu }) => verdictWords(gpu) },
    { title: 'MEMORY', width: 15, text: ({ gpu }) => memory(gpu) },
    { title: 'POWER', width: 6, text: ({ gpu }) => amount(gpu.powerWatts, 0, ' W') },
    { title: 'ANNOTATIONS', width: 44, text: ({ gpu }) => annotationWords(gpu) },
  ];
  const shown: Column[] = [];
  let used = 0;
  for (const column of all) {
    if (used + column.width > columns) break;
    shown.push(column);
    used += column.width + 2;
  }
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => fit(cell, shown[at]?.width ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(shown.map((column) => column.title)),
    ...rows.map((row) => line(shown.map((column) => column.text(row)))),
  ];
}

function memory(gpu: GpuView): string {
  if (gpu.memoryUsedMiB === null) return '-';
  const used = (gpu.memoryUsedMiB / 1024).toFixed(1);
  if (gpu.memoryTotalMiB === null) return `${used} GiB`;
  return `${used}/${(gpu.memoryTotalMiB / 1024).toFixed(0)} GiB`;
}

function amount(value: number | null, digits: number, unit: string): string {
  return value === null ? '-' : `${value.toFixed(digits)}${unit}`;
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);
}

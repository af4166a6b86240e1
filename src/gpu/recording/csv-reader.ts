import { badFile } from './bad-file.ts';
import { goneValue, noValue } from './cell-value.ts';
import { delimiterOf, splitAtCommaBlank, splitCells, type Delimiter } from './cells.ts';
import { headerCell, isHeader, type HeaderCell } from './columns.ts';
import { csvColumns, type CsvColumns } from './csv-columns.ts';
import type { DraftSet } from './draft-set.ts';
import type { GpuDraft } from './gpu-draft.ts';
import type { LineReader } from './line-reader.ts';
import { plainText, quoted } from './read-notes.ts';
import type { DateOrder } from './recorded-gpu.ts';
import { StampReader } from './stamp-reader.ts';

export interface CsvStart {
  readonly file: string;
  readonly line: number;
  readonly header: readonly HeaderCell[];
  readonly delimiter: Delimiter;
  readonly dateOrder: DateOrder | null;
}

/** The header in a line of CSV; null where the line is none. */
export function csvHeader(
  line: string,
): { readonly header: readonly HeaderCell[]; readonly delimiter: Delimiter } | null {
  const delimiter = delimiterOf(line);
  const header = splitCells(line, delimiter).map(headerCell);
  return isHeader(header) ? { header, delimiter } : null;
}

/** Reads the rows of a trace or of a log of `nvidia-smi --query-gpu`. Lines that are none are told and left out. */
export function createCsvReader(start: CsvStart, gpus: DraftSet): LineReader {
  const { file, dateOrder } = start;
  let { header, delimiter } = start;
  let columns = csvColumns(header, file, start.line);
  const stamps = new StampReader(dateOrder);
  let lastSeconds = Number.NEGATIVE_INFINITY;

  const timeOf = (cell: string, line: number): number | null => {
    const seconds = columns.isTrace ? secondsIn(cell) : stamps.read(cell);
    const place = { file, line, column: header[columns.timeAt]?.name };
    if (seconds === 'ambiguous') {
      const hint =
        'Say by --date-order dmy or --date-order mdy whether the day or the month comes first.';
      throw badFile(place, `${quoted(cell)} may be of two days`, hint);
    }
    if (typeof seconds === 'string' || Number.isNaN(seconds)) return null;
    if (columns.isTrace && seconds < lastSeconds) {
      const hint = 'The times of a trace ascend: cut it in two where they begin anew.';
      throw badFile(place, `${seconds} after ${lastSeconds}: time goes back`, hint);
    }
    lastSeconds = seconds;
    return seconds;
  };

  const takeOther = (text: string, cells: readonly string[], line: number): void => {
    const again = csvHeader(text);
    if (again !== null) {
      // A log that was appended to may have other columns from here on.
      ({ header, delimiter } = again);
      columns = csvColumns(header, file, line);
      return;
    }
    if (cells.length !== columns.count) {
      gpus.takeText(line, text, `${cells.length} cells where the header has ${columns.count}`);
      return;
    }
    const cell = cells[columns.timeAt] ?? '';
    const example = columns.isTrace
      ? 'a number of seconds'
      : 'a time such as 2026/01/31 23:59:59.123';
    const what = cell === '' ? 'a row without a time' : `${quoted(cell)} is not ${example}`;
    gpus.takeText(line, text, what, header[columns.timeAt]?.name);
  };

  return {
    get timeBase() {
      return columns.isTrace || stamps.base === 'seconds' ? 'seconds' : 'unix';
    },
    take: (text, line) => {
      const cells = cellsOf(text, delimiter, columns);
      const seconds =
        cells.length === columns.count ? timeOf(cells[columns.timeAt] ?? '', line) : null;
      if (seconds === null) takeOther(text, cells, line);
      else takeRow({ cells, columns, seconds, line }, gpus);
    },
  };
}

/** Further away from its start no recording reaches, nor the calendar of a trace in Unix time. */
const mostSeconds = 1e11;

function secondsIn(cell: string): number {
  const seconds = Number(cell);
  return cell === '' || !(Math.abs(seconds) <= mostSeconds) ? Number.NaN : seconds;
}

/** The cells of a row; a name may hold commas, so the columns after it are counted from the right. */
function cellsOf(line: string, delimiter: Delimiter, columns: CsvColumns): readonly string[] {
  const cells = splitCells(line, delimiter);
  const extra = cells.length - columns.count;
  if (extra <= 0 || delimiter !== ',') return cells;
  const parted = splitAtCommaBlank(line, columns.count);
  if (parted !== null) return parted;
  if (columns.modelAt < 0) return cells;
  const name = cells.slice(columns.modelAt, columns.modelAt + extra + 1).join(', ');
  return cells.toSpliced(columns.modelAt, extra + 1, name);
}

interface Row {
  readonly cells: readonly string[];
  readonly columns: CsvColumns;
  readonly seconds: number;
  readonly line: number;
}

function takeRow(row: Row, gpus: DraftSet): void {
  const { cells, columns, seconds, line } = row;
  const { identityAt, modelAt } = columns;
  const model = modelAt < 0 ? undefined : cells[modelAt];
  const gpu = gpus.of(identityAt < 0 ? null : (cells[identityAt] ?? ''), model ?? null);
  let hasRow = false;
  let isTold = false;
  for (const { channel, name, at, read } of columns.channels) {
    const value = read(cells[at]!);
    if (value >= 0) {
      if (!hasRow) gpus.addRow(gpu, seconds, line);
      hasRow = true;
      gpu.setValue(channel, value);
    } else if (value !== noValue && !isTold) {
      // One word of a row is enough.
      isTold = true;
      tellCell(row, { value, cell: cells[at]!, name }, { gpus, gpu });
    }
  }
  takeFacts(row, gpu);
}

/** What a cell says that is neither a number nor an excuse. */
function tellCell(
  { line }: Row,
  { value, cell, name }: { readonly value: number; readonly cell: string; readonly name: string },
  { gpus, gpu }: { readonly gpus: DraftSet; readonly gpu: GpuDraft },
): void {
  if (value === goneValue) {
    gpu.interrupt('lost', plainText(cell));
    gpus.note(line, `the GPU is gone: ${quoted(cell)}`);
  } else gpus.refuse(line, `${quoted(cell)} is not a number, nor a reason for none`, name);
}

function takeFacts({ cells, columns }: Row, gpu: GpuDraft): void {
  for (const { fact, at, read } of columns.facts) {
    if (gpu[fact] !== null) continue;
    const value = read(cells[at]!);
    if (value > noValue) gpu[fact] = value;
  }
}

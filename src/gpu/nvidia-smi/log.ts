import { SourceError, type ChannelName } from '../source.ts';
import { parseColumnHeading, type ColumnHeading } from './column-heading.ts';
import { readField, readText, type QuantityName } from './quantity.ts';

/** Samples of one channel, in the order of the log. */
export interface SmiLogSeries {
  /** Unix seconds, the time of the machine taken as UTC: nvidia-smi writes no zone. */
  readonly timesSeconds: readonly number[];
  /** percent, percent, MiB, W. */
  readonly values: readonly number[];
}

/** What a log tells about one GPU. */
export interface SmiLogGpu {
  /** UUID, index or bus id: whatever the log names it by; null where it names none. */
  readonly id: string | null;
  readonly model: string | null;
  readonly channels: Readonly<Partial<Record<ChannelName, SmiLogSeries>>>;
  readonly memoryTotalMiB: number | null;
  readonly powerLimitWatts: number | null;
}

const bytesPerMiB = 2 ** 20;

interface Wanted {
  readonly channel: ChannelName;
  readonly quantity: QuantityName;
  readonly scale: number;
}

const channels: Readonly<Record<string, Wanted>> = {
  'utilization.gpu': { channel: 'util', quantity: 'percent', scale: 1 },
  'utilization.memory': { channel: 'memCopy', quantity: 'percent', scale: 1 },
  'memory.used': { channel: 'memUsed', quantity: 'memory', scale: 1 / bytesPerMiB },
  'power.draw': { channel: 'power', quantity: 'power', scale: 1 },
  'power.draw.average': { channel: 'power', quantity: 'power', scale: 1 },
  'power.draw.instant': { channel: 'power', quantity: 'power', scale: 1 },
};
/** What names a GPU, best first. */
const identities = ['uuid', 'gpu_uuid', 'index', 'pci.bus_id', 'gpu_bus_id'] as const;

function headerOf(line: string): ColumnHeading[] {
  return line
    .replace(/^\uFEFF/, '')
    .split(',')
    .map(parseColumnHeading);
}

/** Whether a text is such a log: its first line is a header with a field of `--query-gpu` that is a channel. */
export function isSmiLog(text: string): boolean {
  const [first = ''] = text.split(/\r?\n/, 1);
  return headerOf(first).some(({ field }) => Object.hasOwn(channels, field));
}

/**
 * The GPUs of a log, in the order of their first rows. Values that nvidia-smi could not read (`[N/A]`) are no samples; a last row that was cut off when the
 * log ended is left out.
 * @throws {SourceError} `bad_file` with file, line and column of what is wrong.
 */
export function parseSmiLog(text: string, file: string): SmiLogGpu[] {
  const lines = text.split(/\r?\n/);
  const header = headerOf(lines[0] ?? '');
  const columns = readHeader(header, file);
  const gpus = new Map<string, Draft>();
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line.trim() === '' || isRepeatedHeader(line, header)) continue;
    const place = { file, line: at + 1 };
    const cells = cellsOf(line, header);
    // A log that was interrupted ends in the middle of a row.
    if (cells === null && at === lines.length - 1) break;
    if (cells === null) {
      const found = line.split(',').length;
      throw badFile(place, `${found} cells where the header has ${header.length}`);
    }
    takeRow({ cells, header, columns, place }, gpus);
  }
  if (gpus.size === 0) throw badFile({ file, line: 1 }, 'a header, and no row behind it');
  return [...gpus.values()];
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: string;
}

type Draft = { -readonly [Key in keyof SmiLogGpu]: SmiLogGpu[Key] } & {
  readonly channels: Partial<Record<ChannelName, { timesSeconds: number[]; values: number[] }>>;
};

interface Columns {
  readonly timestamp: number;
  /** -1 where the log names no GPU. */
  readonly identity: number;
}

function readHeader(header: readonly ColumnHeading[], file: string): Columns {
  const at = (field: string): number => header.findIndex((column) => column.field === field);
  if (at('timestamp') < 0) {
    throw badFile(
      { file, line: 1 },
      'the header has no column timestamp, so nobody knows when the rows were written',
      'Log with nvidia-smi --query-gpu=timestamp,index,utilization.gpu,memory.used,power.draw --format=csv -l 1',
    );
  }
  return { timestamp: at('timestamp'), identity: identities.map(at).find((i) => i >= 0) ?? -1 };
}

function isRepeatedHeader(line: string, header: readonly ColumnHeading[]): boolean {
  return line.trimStart().startsWith(`${header[0]?.field ?? ''},`) && /[a-z]\.[a-z]/.test(line);
}

/** The cells of a row; a name may hold commas. Null: another number of cells. */
function cellsOf(line: string, header: readonly ColumnHeading[]): string[] | null {
  const cells = line.split(',').map((cell) => cell.trim());
  const extra = cells.length - header.length;
  const nameAt = header.findIndex(({ field }) => field === 'name' || field === 'gpu_name');
  if (extra === 0) return cells;
  if (extra < 0 || nameAt < 0) return null;
  return cells.toSpliced(nameAt, extra + 1, cells.slice(nameAt, nameAt + extra + 1).join(', '));
}

interface Row {
  readonly cells: readonly string[];
  readonly header: readonly ColumnHeading[];
  readonly columns: Columns;
  readonly place: Place;
}

function takeRow(row: Row, gpus: Map<string, Draft>): void {
  const { cells, header, columns, place } = row;
  const timeSeconds = timeOf(cells[columns.timestamp] ?? '', place);
  const id = columns.identity < 0 ? null : (cells[columns.identity] ?? '');
  const gpu = gpus.get(id ?? '') ?? newDraft(id);
  gpus.set(id ?? '', gpu);
  for (const [column, { field, unit }] of header.entries()) {
    const cell = cells[column] ?? '';
    // nounits: the number stands alone, and only the header says of what.
    const text = /^[-+.\d]+$/.test(cell) ? cell + unit : cell;
    const at = { ...place, column: field };
    if (Object.hasOwn(channels, field))
      takeSample(gpu, channels[field]!, { text, timeSeconds, at });
    else takeFact(gpu, field, text, at);
  }
}

function takeFact(gpu: Draft, field: string, text: string, at: Place): void {
  if (field === 'name' || field === 'gpu_name') gpu.model ??= readText(text) ?? null;
  if (field === 'memory.total')
    gpu.memoryTotalMiB ??= numberIn(text, 'memory', at, 1 / bytesPerMiB);
  if (field === 'power.limit') gpu.powerLimitWatts ??= numberIn(text, 'power', at);
}

function takeSample(
  gpu: Draft,
  { channel, quantity, scale }: Wanted,
  { text, timeSeconds, at }: { text: string; timeSeconds: number; at: Place },
): void {
  const value = numberIn(text, quantity, at, scale);
  const series = (gpu.channels[channel] ??= { timesSeconds: [], values: [] });
  if (value === null) return;
  if (series.timesSeconds.at(-1) === timeSeconds && gpu.id === null) {
    throw badFile(
      { file: at.file, line: at.line },
      'a second row of one moment, and no column that says of which GPU',
      'Log with index or uuid among the fields of --query-gpu.',
    );
  }
  series.timesSeconds.push(timeSeconds);
  series.values.push(value);
}

function newDraft(id: string | null): Draft {
  return { id, model: null, channels: {}, memoryTotalMiB: null, powerLimitWatts: null };
}

/** Null: nvidia-smi says itself that there is no value, or the value cannot be one. */
function numberIn(text: string, quantity: QuantityName, place: Place, scale = 1): number | null {
  const read = readField(text, quantity);
  if (read.kind === 'value') return read.value * scale;
  const isExcuse =
    read.kind === 'down' || read.reason !== 'unknown_error' || /unknown error|err!/i.test(text);
  if (isExcuse) return null;
  throw badFile(place, `"${text.slice(0, 40)}" is neither a number nor a reason for none`);
}

/** `2025/12/04 01:22:31.123` */
function timeOf(cell: string, place: Place): number {
  const match = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d(?:\.\d+)?)$/.exec(cell);
  const [, year, month, day, hour, minute, second] = match ?? [];
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  if (match === null || !Number.isFinite(ms)) {
    throw badFile(
      { ...place, column: 'timestamp' },
      `"${cell.slice(0, 40)}" is not a time such as 2026/01/31 23:59:59.123`,
    );
  }
  return ms / 1_000 + Number(second);
}

function badFile({ file, line, column }: Place, what: string, hint?: string): SourceError {
  const where = column === undefined ? '' : `, column ${column}`;
  return new SourceError('bad_file', `${file}, line ${line}${where}: ${what}`, {
    hint:
      hint ??
      'Expected is what nvidia-smi --query-gpu=… --format=csv -l N writes, header included.',
  });
}

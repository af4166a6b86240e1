import { standInUuid, unknownModel, type ReadingName } from '../source.ts';
import { parseColumnHeading, type ColumnHeading } from './column-heading.ts';
import { brokenGpusIn, normaliseBusId } from './failure.ts';
import { createDevice, sortFields } from './gpu-record.ts';
import type { GpuRecord } from './gpu-record.ts';
import { readField, readText } from './quantity.ts';
import type { Field, QuantityName } from './quantity.ts';
import { withUnifiedMemory } from './unified.ts';

interface Column {
  /** Field of --query-gpu. */
  readonly field: string;
  readonly name: ReadingName;
  readonly quantity: QuantityName;
}

const columns: readonly Column[] = [
  { field: 'utilization.gpu', name: 'utilPercent', quantity: 'percent' },
  { field: 'utilization.memory', name: 'memCopyPercent', quantity: 'percent' },
  { field: 'utilization.encoder', name: 'encoderPercent', quantity: 'percent' },
  { field: 'utilization.decoder', name: 'decoderPercent', quantity: 'percent' },
  { field: 'memory.used', name: 'memoryUsedBytes', quantity: 'memory' },
  { field: 'memory.free', name: 'memoryFreeBytes', quantity: 'memory' },
  { field: 'memory.reserved', name: 'memoryReservedBytes', quantity: 'memory' },
  { field: 'memory.total', name: 'memoryTotalBytes', quantity: 'memory' },
  { field: 'power.draw', name: 'powerWatts', quantity: 'power' },
  { field: 'power.limit', name: 'powerLimitWatts', quantity: 'power' },
  { field: 'temperature.gpu', name: 'temperatureCelsius', quantity: 'temperature' },
  { field: 'temperature.memory', name: 'memoryTemperatureCelsius', quantity: 'temperature' },
  { field: 'fan.speed', name: 'fanPercent', quantity: 'fan' },
  { field: 'clocks.current.sm', name: 'smClockHertz', quantity: 'clock' },
  { field: 'clocks.current.memory', name: 'memoryClockHertz', quantity: 'clock' },
  { field: 'clocks.current.graphics', name: 'graphicsClockHertz', quantity: 'clock' },
  { field: 'clocks.current.video', name: 'videoClockHertz', quantity: 'clock' },
  { field: 'pstate', name: 'performanceState', quantity: 'performanceState' },
  { field: 'pcie.link.gen.current', name: 'pcieGeneration', quantity: 'generation' },
  { field: 'pcie.link.width.current', name: 'pcieWidth', quantity: 'width' },
];

/** The fields to ask for, identity first. */
export const queryFields: readonly string[] = [
  'index',
  'uuid',
  'name',
  'pci.bus_id',
  'driver_version',
  'serial',
  'vbios_version',
  'pcie.link.gen.max',
  'pcie.link.width.max',
  'mig.mode.current',
  ...columns.map(({ field }) => field),
];

export interface CsvOutput {
  readonly records: readonly GpuRecord[];
  /** Lines between the rows that say that a GPU cannot be reached. */
  readonly broken: ReturnType<typeof brokenGpusIn>;
}

/** Whether a line is the header of `--query-gpu … --format=csv`. */
function isHeader(line: string): boolean {
  const known = headerOf(line).filter(({ field }) => queryFields.includes(field));
  return known.length >= 2;
}

function headerOf(line: string): ColumnHeading[] {
  return line.split(',').map(parseColumnHeading);
}

/**
 * The GPUs of a CSV output; null when there is no header in it. Units are taken from the cells, else from the header.
 * Lines that are no rows (warnings, a GPU that cannot be reached) may stand anywhere.
 */
export function parseCsv(output: string): CsvOutput | null {
  const lines = output.split(/\r?\n/).map((line) => line.replace(/^\uFEFF/, '').trim());
  const start = lines.findIndex(isHeader);
  if (start < 0) return null;
  const header = headerOf(lines[start] ?? '');
  const rows = lines.slice(start + 1).flatMap((line, index) => {
    const cells = cellsOf(line, header);
    if (!cells) return [];
    const isEnded = start + 1 + index < lines.length - 1;
    return [isEnded ? cells : withoutCutCell(cells, header)];
  });
  const unit = rows.some((cells) => hasUnits(cells, header)) ? 'required' : 'optional';
  const records = rows.map((cells, row) => recordOf(cells, header, row, unit));
  return { records, broken: brokenGpusIn(output) };
}

/** A last line without its end: its last cell may have been cut, unless its unit shows that it is whole. */
function withoutCutCell(cells: readonly string[], header: readonly ColumnHeading[]): string[] {
  const isWhole = hasUnit(cells.at(-1), header.at(-1));
  return isWhole ? [...cells] : [...cells.slice(0, -1), '[N/A]'];
}

/** Whether the cells carry the units that the header names: then one without was cut short. With nounits none does. */
function hasUnits(cells: readonly string[], header: readonly ColumnHeading[]): boolean {
  return header.some((column, at) => hasUnit(cells[at], column));
}

function hasUnit(cell: string | undefined, column: ColumnHeading | undefined): boolean {
  return column !== undefined && column.unit !== '' && cell?.endsWith(` ${column.unit}`) === true;
}

/** The cells of a row; a name may hold commas, so the columns after it are counted from the right. Null: the line is no row. */
function cellsOf(line: string, header: readonly ColumnHeading[]): string[] | null {
  const cells = line.split(',').map((cell) => cell.trim());
  const extra = cells.length - header.length;
  const nameAt = header.findIndex(({ field }) => field === 'name');
  if (line === '' || extra < 0 || (extra > 0 && nameAt < 0)) return null;
  return extra === 0
    ? cells
    : cells.toSpliced(nameAt, extra + 1, cells.slice(nameAt, nameAt + extra + 1).join(', '));
}

function recordOf(
  cells: readonly string[],
  header: readonly ColumnHeading[],
  row: number,
  unit: 'required' | 'optional',
): GpuRecord {
  const columnOf = (field: string): number => header.findIndex((cell) => cell.field === field);
  const textOf = (field: string): string | undefined => cells[columnOf(field)];
  const read = (field: string, quantity: QuantityName): Field => {
    const text = textOf(field);
    const headed = header[columnOf(field)]?.unit ?? '';
    if (headed !== '' && unit === 'required') return readField(text, quantity, { unit });
    // nounits: the number stands alone, and only the header says of what.
    const isBare = text !== undefined && /^[-+.\d]+$/.test(text);
    return readField(isBare ? text + headed : text, quantity);
  };
  const fields = new Map<ReadingName, Field>(
    columns.map(({ field, name, quantity }) => [name, read(field, quantity)]),
  );
  for (const name of ['energyJoules', 'pcieReplayCount', 'processCount'] as const) {
    fields.set(name, { kind: 'missing', reason: 'not_available' });
  }
  const number = (field: string, quantity: QuantityName): number | undefined => {
    const found = read(field, quantity);
    return found.kind === 'value' ? found.value : undefined;
  };
  const uuid = readText(textOf('uuid'));
  const busId = readText(textOf('pci.bus_id'));
  const mig = textOf('mig.mode.current');
  return withUnifiedMemory({
    device: createDevice(
      {
        index: number('index', 'count') ?? row,
        uuid: uuid ?? standInUuid(busId === undefined ? row : normaliseBusId(busId)),
        model: readText(textOf('name')) ?? unknownModel,
      },
      {
        pciBusId: busId,
        driverVersion: readText(textOf('driver_version')),
        serial: readText(textOf('serial')),
        vbiosVersion: readText(textOf('vbios_version')),
        memoryTotalBytes: number('memory.total', 'memory'),
        pcieGenerationMax: number('pcie.link.gen.max', 'generation'),
        pcieWidthMax: number('pcie.link.width.max', 'width'),
        powerLimitWatts: number('power.limit', 'power'),
        migEnabled: mig === 'Enabled' ? true : mig === 'Disabled' ? false : undefined,
      },
    ),
    identified: uuid !== undefined,
    ...sortFields(fields),
  });
}

/** The field that this nvidia-smi does not know, when it refuses the query for it. */
export function refusedField(output: string): string | undefined {
  return /field "([^"]+)" is not a valid field to query/i.exec(output)?.[1];
}

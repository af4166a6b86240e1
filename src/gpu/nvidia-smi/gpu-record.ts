import { isSensorless } from '../reading-limits.ts';
import type {
  DownReason,
  GpuDevice,
  GpuProcess,
  GpuStatus,
  MissingReason,
  ReadingName,
  Readings,
} from '../source.ts';
import type { Field } from './quantity.ts';

/** One GPU as one run of nvidia-smi showed it, whatever the form of the output. */
export interface GpuRecord {
  /** Its index is its place in the output. */
  readonly device: GpuDevice;
  /** False: the output named no UUID, and `device.uuid` stands in for it. */
  readonly identified: boolean;
  readonly status: GpuStatus;
  readonly readings: Readings;
  readonly missing: Readonly<Partial<Record<ReadingName, MissingReason>>>;
  /** Absent where the output does not list processes. */
  readonly processes?: readonly GpuProcess[];
}

/** Sorts fields into readings, reasons for their absence, and the state of the GPU. */
export function sortFields(fields: ReadonlyMap<ReadingName, Field>): {
  status: GpuStatus;
  readings: Readings;
  missing: Partial<Record<ReadingName, MissingReason>>;
} {
  const readings: Partial<Record<ReadingName, number>> = {};
  const missing: Partial<Record<ReadingName, MissingReason>> = {};
  let down: { reason: DownReason; detail: string } | undefined;
  for (const [name, field] of fields) {
    if (field.kind === 'value') readings[name] = field.value;
    else if (field.kind === 'missing') missing[name] = field.reason;
    else down ??= { reason: field.reason, detail: field.detail };
  }
  const memoryCelsius = readings.memoryTemperatureCelsius;
  if (memoryCelsius !== undefined && isSensorless(memoryCelsius, readings.temperatureCelsius)) {
    delete readings.memoryTemperatureCelsius;
    missing.memoryTemperatureCelsius = 'not_supported';
  }
  if (!down && unknownThroughout(fields)) {
    down = { reason: 'unknown_error', detail: 'every reading answers with an unknown error' };
  }
  // The rest of what a lost GPU shows are remembered or default values.
  return down
    ? { status: { up: false, ...down }, readings: {}, missing: {} }
    : { status: { up: true }, readings, missing };
}

const core: readonly ReadingName[] = [
  'utilPercent',
  'memoryUsedBytes',
  'powerWatts',
  'temperatureCelsius',
];

function unknownThroughout(fields: ReadonlyMap<ReadingName, Field>): boolean {
  return core.every((name) => {
    const field = fields.get(name);
    return field?.kind === 'missing' && field.reason === 'unknown_error';
  });
}

/** The device without the fields that are undefined. */
export function createDevice(
  identity: { index: number; uuid: string; model: string },
  facts: { readonly [Key in keyof GpuDevice]?: GpuDevice[Key] | undefined },
): GpuDevice {
  const present = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(present) as Partial<GpuDevice>), ...identity };
}

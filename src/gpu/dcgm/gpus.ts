import type { GpuDevice, MissingReason, ReadingName } from '../source.ts';
import { readingNames } from '../source.ts';
import type { Series } from './exposition-text.ts';
import { convert, dcgmFields } from './fields.ts';

/** What one exposition says about one GPU. */
export interface DcgmGpu {
  readonly device: GpuDevice;
  readonly readings: Partial<Record<ReadingName, number>>;
  readonly missing: Partial<Record<ReadingName, MissingReason>>;
  readonly attribution: readonly Readonly<Record<string, string>>[];
  /** The exporter's own time of its newest line, ms; null where it gives none. */
  readonly timestampMs: number | null;
}

/** Labels of the device itself; the rest tells who uses it. */
const deviceLabels = new Set([
  'gpu',
  'UUID',
  'uuid',
  'pci_bus_id',
  'device',
  'modelName',
  'Hostname',
  'hostname',
  'GPU_I_ID',
  'GPU_I_PROFILE',
  'err_code',
  'err_msg',
]);
const instanceLabels = ['GPU_I_ID', 'GPU_I_PROFILE'] as const;
const mostOwners = 256;

/** The GPUs of an exposition, by index. Series of other exporters, of switches, links and CPUs are passed over. */
export function gpusOf(all: readonly Series[]): DcgmGpu[] {
  const byGpu = new Map<string, Series[]>();
  for (const series of all) {
    if (!series.name.startsWith('DCGM_')) continue;
    const uuid = series.labels.get('UUID') ?? series.labels.get('uuid') ?? '';
    const index = series.labels.get('gpu') ?? '';
    // Without a UUID (old exporters) the index has to do; other entities have neither.
    const key = uuid !== '' ? uuid : index !== '' ? `GPU-unknown-${index}` : '';
    if (key === '' || key.startsWith('MIG-')) continue;
    const list = byGpu.get(key);
    if (list) list.push(series);
    else byGpu.set(key, [series]);
  }
  const gpus = [...byGpu].map(([uuid, list], place) => gpuOf(uuid, list, place));
  return gpus.sort((a, b) => a.device.index - b.device.index);
}

function gpuOf(uuid: string, list: readonly Series[], place: number): DcgmGpu {
  const readings: DcgmGpu['readings'] = {};
  const missing: DcgmGpu['missing'] = {};
  for (const [family, field] of Object.entries(dcgmFields)) {
    if (readings[field.name] !== undefined) continue;
    const outcomes = bestSeries(list, family, field.scope).map((raw) => convert(field, raw));
    const values = outcomes.filter((outcome) => typeof outcome === 'number');
    // One line per pod repeats the device's value; where lines differ, the largest is the least wrong.
    if (values.length > 0) readings[field.name] = Math.max(...values);
    else if (typeof outcomes[0] === 'string') missing[field.name] ??= outcomes[0];
  }
  for (const name of readingNames) {
    if (readings[name] === undefined) missing[name] ??= 'not_available';
    else delete missing[name];
  }
  completeMemory(readings, missing);
  const times = list.flatMap(({ timestampMs }) => timestampMs ?? []);
  return {
    device: deviceOf(uuid, list, place, readings),
    readings,
    missing,
    attribution: ownersOf(list),
    timestampMs: times.length > 0 ? Math.max(...times) : null,
  };
}

/** Raw values of a family about the whole GPU: unattributed lines first, then attributed ones, then (where they may) those of MIG instances. */
function bestSeries(
  list: readonly Series[],
  family: string,
  scope: 'device' | 'instance',
): number[] {
  const lines = list.filter(({ name }) => name === family);
  const whole = lines.filter((series) => !isInstance(series));
  const unattributed = whole.filter((series) => ownerOf(series) === null);
  const chosen =
    unattributed.length > 0
      ? unattributed
      : whole.length > 0
        ? whole
        : scope === 'device'
          ? lines
          : [];
  return chosen.map(({ value }) => value);
}

function isInstance({ labels }: Series): boolean {
  return (labels.get('GPU_I_ID') ?? '') !== '';
}

/** dcgm-exporter exports used, free and reserved by default, not the total. */
function completeMemory(readings: DcgmGpu['readings'], missing: DcgmGpu['missing']): void {
  const { memoryUsedBytes, memoryFreeBytes, memoryReservedBytes } = readings;
  if (readings.memoryTotalBytes !== undefined) return;
  if (memoryUsedBytes === undefined || memoryFreeBytes === undefined) return;
  readings.memoryTotalBytes = memoryUsedBytes + memoryFreeBytes + (memoryReservedBytes ?? 0);
  delete missing.memoryTotalBytes;
}

function deviceOf(
  uuid: string,
  list: readonly Series[],
  place: number,
  readings: DcgmGpu['readings'],
): GpuDevice {
  const label = (name: string): string | undefined =>
    list.find(({ labels }) => (labels.get(name) ?? '') !== '')?.labels.get(name);
  const index = Number(label('gpu') ?? Number.NaN);
  const minor = /^nvidia(\d+)$/.exec(label('device') ?? '')?.[1];
  const pciBusId = label('pci_bus_id');
  const driverVersion = label('DCGM_FI_DRIVER_VERSION');
  const { memoryTotalBytes, powerLimitWatts } = readings;
  return {
    index: Number.isInteger(index) && index >= 0 ? index : place,
    uuid,
    model: label('modelName') ?? 'unknown model',
    ...(pciBusId !== undefined && { pciBusId }),
    ...(minor !== undefined && { minorNumber: Number(minor) }),
    ...(driverVersion !== undefined && { driverVersion }),
    ...(memoryTotalBytes !== undefined && { memoryTotalBytes }),
    ...(powerLimitWatts !== undefined && { powerLimitWatts }),
    ...(list.some(isInstance) && { migEnabled: true }),
  };
}

/** Every distinct owner: a shared GPU has several. */
function ownersOf(list: readonly Series[]): Record<string, string>[] {
  const owners = new Map<string, Record<string, string>>();
  for (const series of list) {
    // Families of links, events and health carry labels of their own, which are no owners.
    const owner = Object.hasOwn(dcgmFields, series.name) ? ownerOf(series) : null;
    if (owner && owners.size < mostOwners) owners.set(JSON.stringify(owner), owner);
  }
  return [...owners.values()];
}

function ownerOf({ labels }: Series): Record<string, string> | null {
  const owner = [...labels].filter(
    ([name, value]) => value !== '' && !deviceLabels.has(name) && !name.startsWith('DCGM_'),
  );
  if (owner.length === 0) return null;
  for (const name of instanceLabels) {
    const value = labels.get(name) ?? '';
    if (value !== '') owner.push([name, value]);
  }
  return Object.fromEntries(owner.sort(([a], [b]) => (a < b ? -1 : 1)));
}

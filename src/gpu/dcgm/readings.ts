import { isSensorless, readingLimits } from '../reading-limits.ts';
import type { MissingReason, ReadingName } from '../source.ts';
import { readingNames } from '../source.ts';
import { systemMemoryReadings } from '../unified-memory.ts';
import type { Series } from './exposition-text.ts';
import { convert, dcgmFields, type DcgmField } from './fields.ts';
import { ownerOf } from './owners.ts';

export interface DcgmReadings {
  readonly readings: Partial<Record<ReadingName, number>>;
  readonly missing: Partial<Record<ReadingName, MissingReason>>;
}

/** Readings of one GPU or one GPU instance from its lines. */
export function readingsOf(list: readonly Series[]): DcgmReadings {
  const readings: DcgmReadings['readings'] = {};
  const missing: DcgmReadings['missing'] = {};
  const perPod = isToldPerPod(list);
  for (const [family, field] of Object.entries(dcgmFields)) {
    if (readings[field.name] !== undefined) continue;
    const outcome = valueOf(linesOf(list, family), field, perPod);
    if (typeof outcome === 'number') readings[field.name] = outcome;
    else if (outcome !== undefined) missing[field.name] ??= outcome;
  }
  // DCGM gives 0 for memory without a sensor.
  const { memoryTemperatureCelsius, temperatureCelsius } = readings;
  if (
    memoryTemperatureCelsius !== undefined &&
    isSensorless(memoryTemperatureCelsius, temperatureCelsius)
  ) {
    delete readings.memoryTemperatureCelsius;
    missing.memoryTemperatureCelsius = 'not_supported';
  }
  completeMemory(readings);
  completeMissing({ readings, missing });
  return { readings, missing };
}

const ofSystemMemory: ReadonlySet<string> = new Set(systemMemoryReadings);

/** A reason for every reading that is absent, none for those that are there. */
export function completeMissing({ readings, missing }: DcgmReadings): void {
  for (const name of readingNames) {
    if (ofSystemMemory.has(name)) continue;
    if (readings[name] === undefined) missing[name] ??= 'not_available';
    else delete missing[name];
  }
}

/** Lines of a family: those that name nobody where there are any, for they are about the device. */
function linesOf(list: readonly Series[], family: string): Series[] {
  const lines = list.filter(({ name }) => name === family);
  const unattributed = lines.filter((series) => ownerOf(series) === null);
  return unattributed.length > 0 ? unattributed : lines;
}

/** Where a GPU is shared there is a line per pod: the device's value again, or (virtual GPUs) what this pod's processes use. */
function valueOf(
  lines: readonly Series[],
  field: DcgmField,
  perPod: boolean,
): number | MissingReason | undefined {
  const outcomes = lines.map(({ value }) => convert(field, value));
  const values = outcomes.filter((outcome) => typeof outcome === 'number');
  if (values.length === 0) return outcomes.find((outcome) => typeof outcome === 'string');
  if (!perPod || field.perProcess !== true) return Math.max(...values);
  const pods = lines.flatMap((series) => {
    const value = convert(field, series.value);
    return typeof value === 'number' ? [[podOf(series), value] as const] : [];
  });
  return Math.min(readingLimits[field.name][1], sumOverPods(pods));
}

/** What one pod uses is told again for each of its containers or slots. */
function sumOverPods(pods: readonly (readonly [pod: string, value: number])[]): number {
  const most = new Map<string, number>();
  for (const [pod, value] of pods) most.set(pod, Math.max(most.get(pod) ?? 0, value));
  return [...most.values()].reduce((sum, value) => sum + value, 0);
}

function podOf(series: Series): string {
  const { labels } = series;
  const pod = labels.get('pod') ?? '';
  if (pod !== '') return `${labels.get('namespace') ?? ''}/${pod}`;
  return JSON.stringify(ownerOf(series));
}

/** The device's value would be the same in all lines. */
function isToldPerPod(list: readonly Series[]): boolean {
  return Object.entries(dcgmFields).some(([family, { perProcess }]) => {
    if (perProcess !== true) return false;
    return new Set(linesOf(list, family).map(({ value }) => value)).size > 1;
  });
}

/** dcgm-exporter exports used, free and reserved by default, not the total. */
function completeMemory(readings: DcgmReadings['readings']): void {
  const { memoryUsedBytes, memoryFreeBytes, memoryReservedBytes } = readings;
  if (readings.memoryTotalBytes !== undefined) return;
  if (memoryUsedBytes === undefined || memoryFreeBytes === undefined) return;
  readings.memoryTotalBytes = memoryUsedBytes + memoryFreeBytes + (memoryReservedBytes ?? 0);
}

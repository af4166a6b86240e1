import { gpuSlices, profileSlices, wholeUtilisation } from '../../lib/mig-profile.ts';
import type { MigDevice, ReadingName } from '../source.ts';
import type { Series } from './exposition-text.ts';
import { dcgmFields } from './fields.ts';
import { completeMissing, readingsOf, type DcgmReadings } from './readings.ts';

/** What one exposition says about one GPU instance. */
export interface DcgmInstance extends DcgmReadings {
  readonly device: MigDevice & { readonly gpuInstanceId: number };
}

/** Of a GPU in MIG mode dcgm-exporter tells nothing as a whole: these are the sum of its instances. */
const summed: readonly ReadingName[] = [
  'memoryUsedBytes',
  'memoryFreeBytes',
  'memoryReservedBytes',
  'memoryTotalBytes',
];
const shared: readonly ReadingName[] = ['utilPercent', 'memCopyPercent'];
const boardReadings = new Set(
  Object.values(dcgmFields).flatMap(({ name, scope }) => (scope === 'device' ? [name] : [])),
);

export function isInstance({ labels }: Series): boolean {
  return (labels.get('GPU_I_ID') ?? '') !== '';
}

/** The GPU instances that the lines of one GPU speak of, by their number. */
export function instancesOf(list: readonly Series[]): DcgmInstance[] {
  const byId = Map.groupBy(list.filter(isInstance), ({ labels }) => Number(labels.get('GPU_I_ID')));
  return [...byId]
    .filter(([id]) => Number.isInteger(id) && id >= 0)
    .sort(([a], [b]) => a - b)
    .map(([id, lines]) => instanceOf(id, lines));
}

function instanceOf(gpuInstanceId: number, lines: readonly Series[]): DcgmInstance {
  const { readings, missing } = readingsOf(lines);
  // What the exporter says of the board is no reading of a part of it.
  for (const name of boardReadings) {
    delete readings[name];
    delete missing[name];
  }
  const profile = lines.map(({ labels }) => labels.get('GPU_I_PROFILE') ?? '').find(Boolean);
  const computeSlices = profile === undefined ? undefined : profileSlices(profile);
  const { memoryTotalBytes } = readings;
  return {
    device: {
      gpuInstanceId,
      ...(profile !== undefined && { profile }),
      ...(computeSlices !== undefined && { computeSlices }),
      ...(memoryTotalBytes !== undefined && { memoryTotalBytes }),
    },
    readings,
    missing,
  };
}

/** Adds to what is said of the whole GPU what follows from its instances. */
export function completeFromInstances(
  whole: DcgmReadings,
  instances: readonly DcgmInstance[],
  model: string,
): void {
  const { readings } = whole;
  const add = (name: ReadingName, value: number | undefined): void => {
    if (value !== undefined) readings[name] ??= value;
  };
  for (const name of shared) {
    const parts = instances.map(({ device, readings }) => ({
      slices: device.computeSlices,
      value: readings[name],
    }));
    add(name, wholeUtilisation(parts, model));
  }
  for (const name of summed) {
    // Memory in no instance is told by nobody, so a sum is the total only when every slice is given out.
    if (name === 'memoryTotalBytes' && !isAllGivenOut(instances, model)) continue;
    add(name, sumOf(instances.map((one) => one.readings[name])));
  }
  completeMissing(whole);
}

function isAllGivenOut(instances: readonly DcgmInstance[], model: string): boolean {
  const given = instances.map(({ device }) => device.computeSlices ?? 0);
  return given.reduce((sum, slices) => sum + slices, 0) >= gpuSlices(model, given);
}

/** Undefined unless all are known. */
function sumOf(values: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum = (sum ?? 0) + value;
  }
  return sum;
}

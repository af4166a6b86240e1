import { standInUuid, unknownModel, type GpuDevice } from '../source.ts';
import type { Series } from './exposition-text.ts';
import { dcgmFields } from './fields.ts';
import { completeFromInstances, instancesOf, isInstance, type DcgmInstance } from './instances.ts';
import { ownersOf, type Owner } from './owners.ts';
import { readingsOf, type DcgmReadings } from './readings.ts';
import { dcgmSeries } from './spelling.ts';

/** What one exposition says about one GPU. */
export interface DcgmGpu extends DcgmReadings {
  readonly device: GpuDevice;
  readonly attribution: readonly Owner[];
  /** Of a GPU in MIG mode. */
  readonly instances: readonly DcgmInstance[];
  /** The exporter's own time of its newest line, ms; null where it gives none. */
  readonly timestampMs: number | null;
}

/** The GPUs of an exposition, by index. Series of other exporters, of switches, links and CPUs are passed over. */
export function gpusOf(all: readonly Series[]): DcgmGpu[] {
  const byGpu = new Map<string, Series[]>();
  for (const series of dcgmSeries(all)) {
    const uuid = series.labels.get('UUID') ?? '';
    const index = series.labels.get('gpu') ?? '';
    // Without a UUID (old exporters) the index has to do; other entities have neither.
    const key = uuid !== '' ? uuid : index !== '' ? standInUuid(index) : '';
    if (key === '' || key.startsWith('MIG-')) continue;
    const list = byGpu.get(key);
    if (list) list.push(series);
    else byGpu.set(key, [series]);
  }
  const gpus = [...byGpu].map(([uuid, list], place) => gpuOf(uuid, list, place));
  return gpus.sort((a, b) => a.device.index - b.device.index);
}

function gpuOf(uuid: string, list: readonly Series[], place: number): DcgmGpu {
  const told = readingsOf(aboutWhole(list));
  const instances = instancesOf(list);
  const model = labelOf(list, 'modelName') ?? unknownModel;
  if (instances.length > 0) completeFromInstances(told, instances, model);
  const times = list.flatMap(({ timestampMs }) => timestampMs ?? []);
  return {
    ...told,
    device: {
      ...deviceOf(uuid, list, place, told.readings),
      ...(instances.length > 0 && {
        migEnabled: true,
        migDevices: instances.map(({ device }) => device),
      }),
    },
    attribution: ownersOf(list),
    instances,
    timestampMs: times.length > 0 ? Math.max(...times) : null,
  };
}

/** The lines about the whole GPU; of a family about the board that only instances carry, theirs, which all say the same. */
function aboutWhole(list: readonly Series[]): Series[] {
  const whole = list.filter((series) => !isInstance(series));
  const families = new Set(whole.map(({ name }) => name));
  const board = list.filter(
    (series) =>
      isInstance(series) &&
      dcgmFields[series.name]?.scope === 'device' &&
      !families.has(series.name),
  );
  return [...whole, ...board];
}

function labelOf(list: readonly Series[], name: string): string | undefined {
  return list.find(({ labels }) => (labels.get(name) ?? '') !== '')?.labels.get(name);
}

function deviceOf(
  uuid: string,
  list: readonly Series[],
  place: number,
  readings: DcgmReadings['readings'],
): GpuDevice {
  const index = Number(labelOf(list, 'gpu') ?? Number.NaN);
  const minor = /^nvidia(\d+)$/.exec(labelOf(list, 'device') ?? '')?.[1];
  const pciBusId = labelOf(list, 'pci_bus_id');
  const driverVersion = labelOf(list, 'DCGM_FI_DRIVER_VERSION');
  const { memoryTotalBytes, powerLimitWatts } = readings;
  return {
    index: Number.isInteger(index) && index >= 0 ? index : place,
    uuid,
    model: labelOf(list, 'modelName') ?? unknownModel,
    ...(pciBusId !== undefined && { pciBusId }),
    ...(minor !== undefined && { minorNumber: Number(minor) }),
    ...(driverVersion !== undefined && { driverVersion }),
    ...(memoryTotalBytes !== undefined && { memoryTotalBytes }),
    ...(powerLimitWatts !== undefined && { powerLimitWatts }),
  };
}

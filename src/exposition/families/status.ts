import { unknownModel } from '../../gpu/source.ts';
import type { GpuSnapshot } from '../../sampling/snapshot.ts';
import { infoPerGpu, perGpu, type DeviceFamily, type Labels } from '../family.ts';
import { secondsOf } from '../number.ts';
import { familyOfReading } from './readings.ts';

/** Is the device there, what is it, and what does it not report. */
export const statusFamilies: readonly DeviceFamily[] = [
  perGpu({
    name: 'gpu_up',
    help: 'Whether the GPU can be read (1) or not (0, with gpu_down_reason_info).',
    unit: '',
    absentWhen: 'the GPU was never seen',
    value: (gpu) => (gpu.status.up ? 1 : 0),
  }),
  infoPerGpu({
    name: 'gpu_down_reason_info',
    help: 'Why the GPU cannot be read.',
    labels: ['reason'],
    absentWhen: 'the GPU is up',
    series: ({ status }) => (status.up ? [] : [{ reason: status.reason }]),
  }),
  infoPerGpu({
    name: 'gpu_info',
    help: 'What the GPU is and how it is read.',
    labels: [
      'model',
      'pci_bus_id',
      'serial',
      'vbios_version',
      'driver_version',
      'cuda_version',
      'compute_capability',
      'memory',
      'source',
      'simulated',
    ],
    absentWhen: 'never; unknown labels are absent',
    series: (gpu, { snapshot }) => [
      staticLabels(gpu, snapshot.source.kind, snapshot.source.simulated),
    ],
  }),
  infoPerGpu({
    name: 'gpu_reading_missing_info',
    help: 'Why a family has no series for this GPU. What is not supported is absent, never 0.',
    labels: ['family', 'reason'],
    absentWhen: 'all readings are there',
    series: ({ missing }) =>
      Object.entries(missing).map(([reading, reason]) => ({
        family: familyOfReading[reading as keyof typeof missing],
        reason,
      })),
  }),
  perGpu({
    name: 'gpu_last_read_timestamp_seconds',
    help: 'Time of the newest sample or reading of the GPU, Unix time.',
    unit: 'seconds',
    absentWhen: 'it was never read',
    value: (gpu) => secondsOf(gpu.lastReadMs),
  }),
];

function staticLabels(gpu: GpuSnapshot, source: string | null, simulated: boolean): Labels {
  const { device } = gpu;
  const labels: Record<string, string> = {};
  const optional = {
    model: device.model === unknownModel ? undefined : device.model,
    pci_bus_id: device.pciBusId,
    serial: device.serial,
    vbios_version: device.vbiosVersion,
    driver_version: device.driverVersion,
    cuda_version: device.cudaVersion,
    compute_capability: device.computeCapability,
    memory: device.memoryKind,
    source: source ?? undefined,
  };
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined && value !== '') labels[name] = value;
  }
  labels['simulated'] = String(simulated);
  return labels;
}

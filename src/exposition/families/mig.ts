import { deviceLabelNames, infoPerGpu, type DeviceFamily, type Labels } from '../family.ts';
import type { InstanceDevice } from '../../sampling/snapshot.ts';
import { readingFamilies } from './readings.ts';
import { usageFamilies } from './usage.ts';
import { windowFamilies } from './windows.ts';

/** The labels of every series about a GPU instance. */
export const instanceLabelNames = [...deviceLabelNames, 'gpu_instance_id', 'profile'] as const;

/** Readings that an instance has of its own; what is true of the board is told of the GPU. */
const instanceReadings: ReadonlySet<string> = new Set([
  'gpu_utilization_ratio',
  'gpu_memory_copy_utilization_ratio',
  'gpu_memory_used_bytes',
  'gpu_memory_free_bytes',
  'gpu_memory_reserved_bytes',
  'gpu_memory_total_bytes',
]);

const notRead = 'the GPU is not in MIG mode, or its instances are not read one by one';

const info = infoPerGpu({
  name: 'gpu_info',
  help: 'A GPU instance of a GPU in MIG mode: its MIG device where it is known, and how many of the compute slices of the GPU it has.',
  labels: ['mig_uuid', 'compute_slices'],
  absentWhen: notRead,
  series: ({ device }) => [factsOf(device as InstanceDevice)],
});

/** Parts of a GPU are families of their own, so that sums over GPUs stay right. */
export const migFamilies: readonly DeviceFamily[] = [
  info,
  ...readingFamilies.filter(({ name }) => instanceReadings.has(name)),
  ...windowFamilies,
  ...usageFamilies,
].map(ofInstances);

/** `gpu_x` of a GPU as `gpu_mig_x` of each of its GPU instances. */
function ofInstances(family: DeviceFamily): DeviceFamily {
  const help = family.help.replace(/ of the GPU\b/, ' of the GPU instance');
  return {
    ...family,
    name: family.name.replace(/^gpu_/, 'gpu_mig_'),
    help: family === info ? help : `GPU instance (MIG): ${help}`,
    labels: [
      ...instanceLabelNames,
      ...family.labels.filter((name) => !(deviceLabelNames as readonly string[]).includes(name)),
    ],
    absentWhen: family === info ? notRead : `${notRead}; or ${family.absentWhen}`,
    sample: (gpu, observation, into) => {
      for (const instance of gpu.instances ?? []) family.sample(instance, observation, into);
    },
  };
}

function factsOf({ instance: { uuid, computeSlices } }: InstanceDevice): Labels {
  return {
    ...(uuid === undefined ? {} : { mig_uuid: uuid }),
    ...(computeSlices === undefined ? {} : { compute_slices: String(computeSlices) }),
  };
}

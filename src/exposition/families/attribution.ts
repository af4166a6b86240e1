import type { GpuHolder } from '../../attribution/gpu-holders.ts';
import { deviceLabelNames, infoPerGpu, type DeviceFamily, type Labels } from '../family.ts';

/** Who uses a device is a family of its own, so that sums over devices stay right. */
export const attributionFamilies: readonly DeviceFamily[] = [
  infoPerGpu({
    name: 'gpu_pod_info',
    help: 'A container that holds the GPU, a share of it or a MIG device of it, as the kubelet says: one series for each. Of a claim, resource is the name of its driver.',
    labels: ['namespace', 'pod', 'container', 'resource', 'mig_uuid', 'claim'],
    absentWhen: 'no container holds it, or it is not known (gpu_profiler_pod_resources_up)',
    series: ({ device }, { holders }) => (holders.get(device.uuid) ?? []).map(labelsOf),
  }),
  infoPerGpu({
    name: 'gpu_attribution_info',
    help: 'Who uses the GPU, as attributed by the exporter that is read (source dcgm): its labels, one series per user. Without what gpu_pod_info says already.',
    labels: ['pod', 'namespace', 'container', 'others as given'],
    absentWhen: 'nobody is known to use it',
    series: ({ device, attribution }, { holders }) =>
      attribution
        .map(withoutDeviceLabels)
        .filter((labels) => !isSaid(labels, holders.get(device.uuid) ?? [])),
  }),
];

function labelsOf({ namespace, pod, container, resource, migUuid, claim }: GpuHolder): Labels {
  return {
    namespace,
    pod,
    container,
    resource,
    ...(migUuid !== undefined && { mig_uuid: migUuid }),
    ...(claim !== undefined && { claim }),
  };
}

/** Nothing but a container that is shown as holder already. */
function isSaid(labels: Labels, holders: readonly GpuHolder[]): boolean {
  const { namespace, pod, container, ...others } = labels;
  return (
    Object.keys(others).length === 0 &&
    holders.some(
      (holder) =>
        holder.namespace === namespace && holder.pod === pod && holder.container === container,
    )
  );
}

function withoutDeviceLabels(attributed: Labels): Labels {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributed)) {
    const own = name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)|^__+/, '_');
    if (value === '' || (deviceLabelNames as readonly string[]).includes(own)) continue;
    labels[own] = value;
  }
  return labels;
}

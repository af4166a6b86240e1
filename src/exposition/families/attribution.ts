import { deviceLabelNames, infoPerGpu, type DeviceFamily, type Labels } from '../family.ts';

/** Who uses a device is a family of its own, so that sums over devices stay right. */
export const attributionFamilies: readonly DeviceFamily[] = [
  infoPerGpu({
    name: 'gpu_attribution_info',
    help: 'Who uses the GPU, as attributed by the exporter that is read (source dcgm): its labels, one series per user.',
    labels: ['pod', 'namespace', 'container', 'others as given'],
    absentWhen: 'nobody is known to use it',
    series: ({ attribution }) => attribution.map(withoutDeviceLabels),
  }),
];

function withoutDeviceLabels(attributed: Labels): Labels {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributed)) {
    const own = name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)|^__+/, '_');
    if (value === '' || (deviceLabelNames as readonly string[]).includes(own)) continue;
    labels[own] = value;
  }
  return labels;
}

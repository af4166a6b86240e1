import type { OptionTable } from '../option-spec.ts';

const modes = ['collector', 'standalone'] as const;
const group = 'Attribution';
const onlyWith = { option: 'pod-resources.enabled', values: [true] } as const;

/** Who uses the GPUs. */
export const attributionOptions = {
  'pod-resources.enabled': {
    type: 'boolean',
    default: true,
    group,
    modes,
    description:
      'Ask the kubelet which container holds which GPU, and publish it as gpu_pod_info. Where there is no kubelet nothing is asked and nothing is wrong.',
  },
  'pod-resources.socket': {
    type: 'file',
    default: '/var/lib/kubelet/pod-resources/kubelet.sock',
    group,
    modes,
    onlyWith,
    description:
      "The kubelet's socket of pod resources. In a pod, mount the host's folder, not the socket itself: a restarted kubelet makes a new one. The folder belongs to root, so the process must be user 0; it needs no capability.",
  },
  'pod-resources.interval': {
    type: 'duration',
    default: '10s',
    min: '1s',
    max: '10m',
    group,
    modes,
    onlyWith,
    description:
      'How often the kubelet is asked. While it is away its last answer is shown, with its age, for three minutes (at least three intervals); then pods are not shown.',
  },
  'pod-resources.resources': {
    type: 'list',
    default: ['nvidia.com/*', 'gpu.nvidia.com'],
    group,
    modes,
    onlyWith,
    description:
      'Which extended resources of device plugins, and which drivers of claims (dynamic resource allocation), are GPUs. * stands for any characters. Name your own where a plugin renames its resource.',
  },
} as const satisfies OptionTable;

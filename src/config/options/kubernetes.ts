import type { OptionTable } from '../option-spec.ts';

const modes = ['controller'] as const;
/** What finding the cluster, its nodes and its leader takes. */
const shared = ['controller', 'cleanup'] as const;
const group = 'Kubernetes';

export const kubernetesOptions = {
  kubeconfig: {
    type: 'file',
    default: null,
    group,
    modes: shared,
    description:
      'File with the credentials of the cluster. Unset: $KUBECONFIG, ~/.kube/config, then the service account of the pod.',
  },
  'kube.context': {
    type: 'string',
    default: null,
    group,
    modes: shared,
    description: 'Context of the kubeconfig. Unset: its current context.',
  },
  'node-selector': {
    type: 'string',
    default: null,
    group,
    modes: shared,
    description:
      'Label selector of the nodes to look after, such as nvidia.com/gpu.present=true. Unset: all nodes; those without GPU series are not touched. Give cleanup the one that its controller had.',
  },
  'writes-per-second': {
    type: 'number',
    default: 20,
    min: 0.1,
    max: 1000,
    group,
    modes: ['controller'],
    description: 'Cap on the rate of patches, over all nodes.',
  },
  'removals-per-second': {
    type: 'number',
    default: 50,
    min: 0.1,
    max: 1000,
    group,
    modes: ['cleanup'],
    description:
      'Cap on the rate of patches that remove, over all nodes. More than what the controller writes with: somebody waits for it.',
  },
  'writes-in-flight': {
    type: 'integer',
    default: 8,
    min: 1,
    max: 100,
    group,
    modes: shared,
    description: 'Cap on patches at the same time.',
  },
  'lease.enabled': {
    type: 'boolean',
    default: true,
    group,
    modes: shared,
    description:
      'Elect one leader by a Lease, so that several replicas never write at once. Turn off only for a single process, such as on a laptop. cleanup tells by the Lease whether a controller still runs.',
  },
  'lease.name': {
    type: 'string',
    default: 'gpu-profiler-controller',
    pattern: { pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', form: 'a Kubernetes object name' },
    group,
    modes: shared,
    onlyWith: { option: 'lease.enabled', values: [true] },
    description: 'Name of the Lease.',
  },
  'lease.namespace': {
    type: 'string',
    default: null,
    pattern: { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', form: 'a Kubernetes namespace' },
    group,
    modes: shared,
    onlyWith: { option: 'lease.enabled', values: [true] },
    description:
      'Namespace of the Lease. Unset: the namespace of the pod or of the kubeconfig context, else default. For cleanup: that of stop-deployment before these.',
  },
  'lease.duration': {
    type: 'duration',
    default: '15s',
    min: '1s',
    max: '10m',
    group,
    modes,
    onlyWith: { option: 'lease.enabled', values: [true] },
    description: 'How long a leader that says nothing more is waited for.',
  },
  'lease.renew-deadline': {
    type: 'duration',
    default: '10s',
    min: '500ms',
    max: '10m',
    group,
    modes,
    onlyWith: { option: 'lease.enabled', values: [true] },
    description:
      'A leader that cannot renew for this long steps down and writes nothing more. Shorter than lease.duration.',
  },
  'lease.retry-period': {
    type: 'duration',
    default: '2s',
    min: '100ms',
    max: '5m',
    group,
    modes,
    onlyWith: { option: 'lease.enabled', values: [true] },
    description: 'Time between two tries to get or renew the Lease. Shorter than the deadline.',
  },
} as const satisfies OptionTable;

import { unmappedReasons } from '../../attribution/gpu-holders.ts';
import { rounded } from '../number.ts';
import { figure, info, type SelfFamily } from './self-family.ts';

/** How it stands with the kubelet's word on who holds which device. */
export const podResourcesFamilies: readonly SelfFamily[] = [
  figure({
    name: 'pod_resources_up',
    help: 'Whether the kubelet says which container holds which GPU (1) or not (0, with gpu_profiler_pod_resources_down_reason_info).',
    unit: '',
    value: ({ podResources }) => (podResources.up ? 1 : 0),
  }),
  info({
    name: 'pod_resources_down_reason_info',
    help: 'Why the kubelet does not say which container holds which GPU. off: not asked; no_kubelet: none here, or its folder is not mounted.',
    labels: ['reason'],
    absentWhen: 'it does',
    series: ({ podResources }) => (podResources.up ? null : { reason: podResources.reason }),
  }),
  figure({
    name: 'pod_resources_age_seconds',
    help: 'Age of what the kubelet said. Grows while it is away; after three minutes (at least three intervals) gpu_pod_info is absent.',
    unit: 'seconds',
    absentWhen: 'it said nothing, or too long ago',
    value: ({ podResources: { ageMs } }) => (ageMs === null ? null : rounded(ageMs / 1_000)),
  }),
  {
    name: 'gpu_profiler_pod_devices_unmapped',
    type: 'gauge',
    help: 'Devices held by containers for which no GPU was found. unknown_gpu: the source has no such GPU; unknown_mig: it cannot tell the GPU of a MIG device; unknown_form: the id says nothing about a GPU.',
    labels: ['reason'],
    unit: '',
    stability: 'alpha',
    dialect: 'self',
    absentWhen: 'it is not known who holds what',
    sample: ({ unmappedDevices }, into) => {
      if (unmappedDevices === null) return;
      for (const reason of unmappedReasons) {
        into.push({ value: unmappedDevices[reason], labels: { reason } });
      }
    },
  },
];

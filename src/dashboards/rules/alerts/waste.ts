import { device, heldIdle, perDevice, perDeviceAnd } from '../../promql/devices.ts';
import type { AlertRule } from '../rule.ts';

const pods = perDeviceAnd('namespace, pod', 'gpu_pod_info');

/** Money: GPUs that somebody has and does not use. */
export const wasteAlerts: readonly AlertRule[] = [
  {
    alert: 'GpuHeldIdle',
    expr: `${pods} and on (${device}) (${heldIdle()})`,
    for: '2h',
    severity: 'info',
    because:
      'A break for lunch, the loading of a large model and a meeting with a notebook open are shorter; what lasts longer is mostly forgotten.',
    summary: 'Pod {{ $labels.namespace }}/{{ $labels.pod }} holds an idle GPU',
    description:
      'GPU {{ $labels.gpu }} of {{ $labels.node }} has been held by pod {{ $labels.namespace }}/{{ $labels.pod }} for two hours while nothing computed on it.',
  },
  {
    alert: 'GpuMemoryHeldIdle',
    expr: `${perDevice('gpu_usage_pattern_info', ['pattern="alloc-idle"'])} unless on (${device}) ${pods}`,
    for: '2h',
    severity: 'info',
    because:
      'As for GpuHeldIdle, where no pod is known: the holder is a process outside Kubernetes, or the kubelet does not tell.',
    summary: 'Somebody holds memory of idle GPU {{ $labels.gpu }} of {{ $labels.node }}',
    description:
      'A process has held memory of GPU {{ $labels.gpu }} of {{ $labels.node }} for two hours while nothing computed on it; no pod is known to have the GPU.',
  },
];

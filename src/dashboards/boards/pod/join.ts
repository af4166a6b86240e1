import { device, perDevice, perDeviceAnd } from '../../promql/devices.ts';
import { inCluster, ofPod } from '../../promql/selector.ts';

/** `expr`, one series per device, for the devices that the selected pods hold: still one series per device, however many containers share it. */
export function ofSelected(expr: string): string {
  return `(${expr}) and on (${device}) ${perDevice('gpu_pod_info', ofPod)}`;
}

/** The reading of each device of the selected pods, once for each container that holds it, with its labels. */
export function perContainer(metric: string): string {
  return `${perDeviceAnd('namespace, pod, container', 'gpu_pod_info', ofPod)} * on (${device}) group_left () ${perDevice(metric, inCluster)}`;
}

export const noPod =
  'No such pod holds a GPU in this time range, or the kubelet does not tell (own health: pod attribution).';

import {
  device,
  forPods,
  held,
  heldIdle,
  perDevice,
  perDeviceAnd,
  utilisation,
} from '../promql/devices.ts';
import type { RecordingRule, RuleGroup } from './rule.ts';

const byNode = 'by (cluster, node)';
const byPod = 'by (cluster, namespace, pod)';
const verdicts = perDevice('gpu_usage_pattern_info');
const podDevices = perDeviceAnd('namespace, pod', 'gpu_pod_info');
const podVerdicts = forPods(verdicts, [], 'namespace, pod');
const podHeldIdle = forPods(heldIdle(), [], 'namespace, pod');

/** Evaluated each minute: the sum of a count over a range, divided by this, is GPU hours. */
const countsPerHour = 60;

/** What pages need over days, kept as few series: a handful per node, pod and pattern, none per GPU. */
export const recordingGroups: readonly RuleGroup<RecordingRule>[] = [
  {
    name: 'gpu-profiler.counts',
    interval: '1m',
    rules: [
      {
        record: 'node:gpu_devices:count',
        expr: `count ${byNode} (${perDevice('gpu_up')})`,
        labels: ['cluster', 'node'],
        help: 'GPUs of the node, readable or not.',
      },
      {
        record: 'node_pattern:gpu_devices:count',
        expr: `count by (cluster, node, pattern, job_type) (${perDeviceAnd('pattern, job_type', 'gpu_usage_pattern_info')})`,
        labels: ['cluster', 'node', 'pattern', 'job_type'],
        help: 'GPUs of the node by usage pattern.',
      },
      {
        record: 'node:gpu_held:count',
        expr: `count ${byNode} (${held()}) or 0 * count ${byNode} (${verdicts})`,
        labels: ['cluster', 'node'],
        help: 'GPUs that somebody has: a pod, or processes that hold memory or compute. 0: none; absent: not known.',
      },
      {
        record: 'node:gpu_held_idle:count',
        expr: `count ${byNode} (${heldIdle()}) or 0 * count ${byNode} (${verdicts})`,
        labels: ['cluster', 'node'],
        help: 'GPUs that are held while nothing computes. 0: none; absent: not known.',
      },
      {
        record: 'node:gpu_held_idle_memory_bytes:sum',
        expr: `sum ${byNode} (${perDevice('gpu_memory_used_bytes')} and on (${device}) (${heldIdle()})) or 0 * count ${byNode} (${verdicts})`,
        labels: ['cluster', 'node'],
        help: 'Device memory in use on GPUs of the node that are held while nothing computes. 0: none; absent: not known.',
      },
      {
        record: 'pod:gpu_held:count',
        expr: `count ${byPod} (${podDevices})`,
        labels: ['cluster', 'namespace', 'pod'],
        help: 'GPUs that the pod holds.',
      },
      {
        record: 'pod:gpu_held_idle:count',
        expr: `count ${byPod} (${podHeldIdle}) or 0 * count ${byPod} (${podVerdicts})`,
        labels: ['cluster', 'namespace', 'pod'],
        help: 'GPUs that the pod holds while nothing computes. 0: none; absent: not known.',
      },
      {
        record: 'node:gpu_utilization_ratio:avg',
        expr: `avg ${byNode} (${utilisation([], '5m')})`,
        labels: ['cluster', 'node'],
        help: 'Mean utilisation of the GPUs of the node over five minutes.',
      },
      {
        record: 'pattern:gpu_utilization_ratio:avg',
        expr: `avg by (cluster, pattern) (${utilisation([], '5m')} * on (${device}) group_left (pattern) ${perDeviceAnd('pattern', 'gpu_usage_pattern_info')})`,
        labels: ['cluster', 'pattern'],
        help: 'Mean utilisation over five minutes of the GPUs that now show the pattern.',
      },
    ],
  },
  {
    name: 'gpu-profiler.hours',
    interval: '5m',
    rules: [
      {
        record: 'node:gpu_held_idle_hours:sum1d',
        expr: `sum_over_time(node:gpu_held_idle:count[1d]) / ${countsPerHour}`,
        labels: ['cluster', 'node'],
        help: 'GPU hours of the last day in which GPUs of the node were held while nothing computed.',
      },
      {
        record: 'namespace:gpu_held_idle_hours:sum1d',
        expr: `sum by (cluster, namespace) (sum_over_time(pod:gpu_held_idle:count[1d])) / ${countsPerHour}`,
        labels: ['cluster', 'namespace'],
        help: 'GPU hours of the last day that pods of the namespace held while nothing computed.',
      },
    ],
  },
];

import { select } from './selector.ts';

type Matchers = readonly string[];

/** What tells devices apart. `cluster` is there only where one Prometheus holds several clusters. */
export const device = 'cluster, node, gpu, uuid';

/**
 * One series per device, whoever scraped it: labels of the scrape (pod, instance, job of the collector) change with
 * a new collector pod and may be double, and then every join would fail.
 */
export function perDevice(metric: string, matchers: Matchers = []): string {
  return `max by (${device}) (${select(metric, matchers)})`;
}

/** `by` adds labels of the family itself. */
export function perDeviceAnd(labels: string, metric: string, matchers: Matchers = []): string {
  return `max by (${device}, ${labels}) (${select(metric, matchers)})`;
}

/** 1 for each device that is held while nothing computes: memory is held, or a pod has it and it lies idle. */
export function heldIdle(matchers: Matchers = []): string {
  const allocIdle = perDevice('gpu_usage_pattern_info', [...matchers, 'pattern="alloc-idle"']);
  const idle = perDevice('gpu_usage_pattern_info', [...matchers, 'pattern="idle"']);
  return `${allocIdle} or (${idle} and on (${device}) ${select('gpu_pod_info', matchers)})`;
}

/** 1 for each device that somebody has: a pod, or processes that hold memory or compute. */
export function held(matchers: Matchers = []): string {
  const used = perDevice('gpu_usage_pattern_info', [
    ...matchers,
    'pattern!~"idle|insufficient|unknown"',
  ]);
  return `${used} or ${perDevice('gpu_pod_info', matchers)}`;
}

/** 1 or 0 for each device that has a verdict: whether it is held while nothing computes. */
export function heldIdleOrNot(matchers: Matchers = []): string {
  return `(${heldIdle(matchers)}) or 0 * ${perDevice('gpu_usage_pattern_info', matchers)}`;
}

/** Mean utilisation of each device, exact whatever the scrape interval. */
export function utilisation(matchers: Matchers = [], range = '$__rate_interval'): string {
  return `max by (${device}) (rate(${select('gpu_busy_seconds_total', matchers)}[${range}]))`;
}

/** `expr` (one series per device) once for each pod and container that holds the device, with their labels. */
export function forPods(
  expr: string,
  matchers: Matchers = [],
  labels = 'namespace, pod, container',
): string {
  return `${perDeviceAnd(labels, 'gpu_pod_info', matchers)} * on (${device}) group_left () (${expr})`;
}

import { collectorAlerts } from './alerts/collectors.ts';
import { controllerAlerts } from './alerts/controller.ts';
import { gpuAlerts } from './alerts/gpus.ts';
import { wasteAlerts } from './alerts/waste.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

/**
 * Every alert fires on something that is there and wrong: an absent series alone never does, except where the same series
 * was there within a day. So nothing fires in an idle cluster, without a controller, or where a model does not report a reading.
 */
export const alertGroups: readonly RuleGroup<AlertRule>[] = [
  { name: 'gpu-profiler.gpus', interval: '30s', rules: gpuAlerts },
  { name: 'gpu-profiler.waste', interval: '1m', rules: wasteAlerts },
  { name: 'gpu-profiler.collectors', interval: '30s', rules: collectorAlerts },
  { name: 'gpu-profiler.controller', interval: '30s', rules: controllerAlerts },
];

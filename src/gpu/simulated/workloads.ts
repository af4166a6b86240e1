import { createBatchInference, createBurstyInference } from './inference.ts';
import { createHeldIdle, createIdle, createStuck } from './resting.ts';
import { createCrash, createFastTraining, createTraining } from './training.ts';
import type { Workload, WorkloadName, WorkloadOptions } from './workload.ts';

const makers: Readonly<Record<WorkloadName, (options: WorkloadOptions) => Workload>> = {
  training: createTraining,
  'fast-training': createFastTraining,
  'bursty-inference': createBurstyInference,
  'held-idle': createHeldIdle,
  'batch-inference': createBatchInference,
  idle: createIdle,
  stuck: createStuck,
  crash: createCrash,
};

export function createWorkload(name: WorkloadName, options: WorkloadOptions): Workload {
  return makers[name](options);
}

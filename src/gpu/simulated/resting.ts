import { uniformAt } from './noise.ts';
import { nothing } from './workload.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

/** Nobody uses the GPU. */
export function createIdle(): Workload {
  return {
    name: 'idle',
    activityAt: () => nothing,
    truthAt: () => ({ pattern: 'idle', periodSeconds: null, stall: false }),
  };
}

/** A forgotten notebook: memory is held, nothing runs. */
export function createHeldIdle({ seed, gpu }: WorkloadOptions): Workload {
  const memory = 0.3 + 0.4 * uniformAt(seed, gpu, 3);
  return {
    name: 'held-idle',
    activityAt: () => ({ ...nothing, memory, process: 'jupyter-lab' }),
    truthAt: () => ({ pattern: 'alloc-idle', periodSeconds: null, stall: false }),
  };
}

/** A rank that spins in a collective because another one is gone: full utilisation at a fifth of the power range. */
export function createStuck({ seed, gpu }: WorkloadOptions): Workload {
  const memory = 0.6 + 0.2 * uniformAt(seed, gpu, 3);
  return {
    name: 'stuck',
    activityAt: () => ({
      busy: 1,
      memCopy: 0,
      intensity: 0.14,
      memory,
      process: 'python3 train.py',
    }),
    truthAt: () => ({ pattern: 'steady', periodSeconds: null, stall: true }),
  };
}

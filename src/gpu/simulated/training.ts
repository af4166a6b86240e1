import { createCycle } from './cycle.ts';
import { uniformAt } from './noise.ts';
import { nothing } from './workload.ts';
import type { Activity, Workload, WorkloadOptions } from './workload.ts';

const optimiserStepSeconds = 0.55;
const fastStepSeconds = 0.3;

/**
 * Training that saves a checkpoint at the end of each cycle of 12-16 s (drawn per GPU): about four fifths at full use in optimiser steps
 * of 0.55 s, then a copy to the host and seconds of waiting for the disk, with memory held throughout. Four cycles fit into 75 s.
 */
export function createTraining(options: WorkloadOptions): Workload {
  const { seed, gpu } = options;
  const periodSeconds = 12 + 4 * uniformAt(seed, gpu, 1);
  const computeRatio = 0.77 + 0.05 * uniformAt(seed, gpu, 2);
  const memory = 0.65 + 0.2 * uniformAt(seed, gpu, 3);
  const positionAt = createCycle({ seed, gpu, periodSeconds, jitterRatio: 0.03 });
  return {
    name: 'training',
    activityAt: (seconds) => {
      const position = positionAt(seconds);
      return position.ratio < computeRatio
        ? trainingStep(position.seconds, memory)
        : checkpoint((position.ratio - computeRatio) * periodSeconds, memory);
    },
    truthAt: () => ({ pattern: 'cyclic', periodSeconds, stall: false }),
  };
}

function trainingStep(seconds: number, memory: number): Activity {
  const updating = (seconds / optimiserStepSeconds) % 1 > 0.85;
  return updating
    ? { busy: 0.9, memCopy: 0.6, intensity: 0.55, memory, process: 'python3 train.py' }
    : { busy: 1, memCopy: 0.42, intensity: 0.88, memory, process: 'python3 train.py' };
}

function checkpoint(seconds: number, memory: number): Activity {
  const copying = seconds < 0.4;
  return copying
    ? { busy: 0.35, memCopy: 0.25, intensity: 0.12, memory, process: 'python3 train.py' }
    : { busy: 0, memCopy: 0, intensity: 0.04, memory, process: 'python3 train.py' };
}

/**
 * Training whose steps of 0.3 s are short: utilisation stays within a few points of full use, and looks steady to whoever scrapes it. Samples at random intervals
 * show the step itself.
 */
export function createFastTraining({ seed, gpu }: WorkloadOptions): Workload {
  const memory = 0.55 + 0.3 * uniformAt(seed, gpu, 3);
  return {
    name: 'fast-training',
    activityAt: (seconds) => {
      const loading = (seconds / fastStepSeconds) % 1 > 0.92;
      return {
        busy: loading ? 0.4 : 1,
        memCopy: loading ? 0.3 : 0.48,
        intensity: loading ? 0.6 : 0.82,
        memory,
        process: 'python3 train.py --no-checkpoint',
      };
    },
    truthAt: () => ({ pattern: 'cyclic', periodSeconds: fastStepSeconds, stall: false }),
  };
}

/** Phases of the `crash` workload, seconds: it trains, dies, is gone for a while, loads its data again, trains… */
export const crashPhases = { trainSeconds: 180, goneSeconds: 90, loadSeconds: 10 } as const;

/** Training that dies half way: the process and its memory vanish until a restart. */
export function createCrash(options: WorkloadOptions): Workload {
  const training = createTraining(options);
  const { trainSeconds, goneSeconds, loadSeconds } = crashPhases;
  const phaseAt = (seconds: number): 'train' | 'gone' | 'load' => {
    const within = seconds % (trainSeconds + goneSeconds + loadSeconds);
    if (within < trainSeconds) return 'train';
    return within < trainSeconds + goneSeconds ? 'gone' : 'load';
  };
  return {
    name: 'crash',
    activityAt: (seconds) => {
      const phase = phaseAt(seconds);
      if (phase === 'train') return training.activityAt(seconds);
      if (phase === 'gone') return nothing;
      return {
        busy: 0.04,
        memCopy: 0.08,
        intensity: 0.06,
        memory: 0.3,
        process: 'python3 train.py',
      };
    },
    truthAt: (seconds) => {
      const phase = phaseAt(seconds);
      if (phase === 'train') return training.truthAt(seconds);
      return {
        pattern: phase === 'gone' ? 'idle' : 'transition',
        periodSeconds: null,
        stall: false,
      };
    },
  };
}

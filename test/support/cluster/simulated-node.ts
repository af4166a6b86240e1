import { simulatedPlan } from '../../../src/gpu/simulated-source.ts';
import type { ExpectedGpu, NodePlan } from './expected.ts';

export interface SimulatedNode {
  /** One per GPU. */
  readonly workloads: readonly string[];
  readonly seed: number;
}

/** Of a period, for scrapes every second: four samples. */
const leastSecondsScraped = 4;

const usual: SimulatedNode = {
  workloads: ['training', 'held-idle', 'fast-training', 'idle'],
  seed: 7,
};

/** A node of simulated GPUs; the simulation itself says what is true of them. */
export function simulatedNode(name: string, { workloads, seed } = usual): NodePlan {
  const plan = simulatedPlan({ gpus: workloads.length, workloads, seed });
  return {
    name,
    args: [
      '--source=simulated',
      `--simulated.gpus=${workloads.length}`,
      `--simulated.workloads=${workloads.join(',')}`,
      `--simulated.seed=${seed}`,
    ],
    gpus: plan.map((workload) => {
      const truth = workload.truthAt(60);
      return {
        what: `simulated ${workload.name}`,
        jobType: jobTypeOf(truth.pattern),
        periodSeconds: truth.periodSeconds,
        ...((truth.periodSeconds ?? Infinity) < leastSecondsScraped && {
          jobTypeScraped: 'Others',
        }),
      };
    }),
  };
}

function jobTypeOf(pattern: string): ExpectedGpu['jobType'] {
  if (pattern === 'cyclic') return 'DLT';
  return pattern === 'idle' || pattern === 'alloc-idle' ? 'Empty' : 'Others';
}

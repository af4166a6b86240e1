import { createCycle } from './cycle.ts';
import { generatorAt, uniformAt } from './noise.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

/**
 * Offline inference over a data set: a batch every 4-6 s (drawn per GPU), about 60 % of it on the GPU, the rest reading and writing.
 * Cyclic although it is no training: pattern and job are two things.
 */
export function createBatchInference({ seed, gpu }: WorkloadOptions): Workload {
  const periodSeconds = 4 + 2 * uniformAt(seed, gpu, 1);
  const positionAt = createCycle({ seed, gpu, periodSeconds, jitterRatio: 0.05 });
  return {
    name: 'batch-inference',
    activityAt: (seconds) => {
      const { index, ratio } = positionAt(seconds);
      const computeRatio = 0.56 + 0.08 * uniformAt(seed, gpu, index, 1);
      const running = ratio < computeRatio;
      return {
        busy: running ? 0.92 + 0.06 * uniformAt(seed, gpu, index, 2) : 0.02,
        memCopy: running ? 0.35 : 0.01,
        intensity: running ? 0.6 : 0.05,
        memory: running ? 0.38 : 0.35,
        process: 'python3 batch_infer.py',
      };
    },
    truthAt: () => ({ pattern: 'cyclic', periodSeconds, stall: false }),
  };
}

interface Burst {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly busy: number;
}

const blockSeconds = 60;
const meanGapSeconds = 7;

/** An online service: bursts of 0.6 s and more at random moments (7 s of quiet between them on average), the model held in memory. */
export function createBurstyInference({ seed, gpu }: WorkloadOptions): Workload {
  const burstsOf = (block: number): readonly Burst[] => {
    const random = generatorAt(seed, gpu, block, 0x6275);
    const exponential = (mean: number): number => -mean * Math.log(1 - random());
    const bursts: Burst[] = [];
    let at = exponential(meanGapSeconds);
    while (at < blockSeconds) {
      const end = Math.min(blockSeconds, at + 0.6 + exponential(2));
      bursts.push({ startSeconds: at, endSeconds: end, busy: 0.45 + 0.55 * random() });
      at = end + exponential(meanGapSeconds);
    }
    return bursts;
  };
  let known = { block: -1, bursts: burstsOf(-1) };
  return {
    name: 'bursty-inference',
    activityAt: (seconds) => {
      const block = Math.floor(seconds / blockSeconds);
      if (known.block !== block) known = { block, bursts: burstsOf(block) };
      const within = seconds - block * blockSeconds;
      const busy =
        known.bursts.find((burst) => burst.startSeconds <= within && within < burst.endSeconds)
          ?.busy ?? 0;
      return {
        busy,
        memCopy: busy * 0.4,
        intensity: busy * 0.7,
        memory: 0.42,
        process: 'python3 serve.py',
      };
    },
    truthAt: () => ({ pattern: 'bursty', periodSeconds: null, stall: false }),
  };
}

import type { StandinScript } from '../nvml/script.ts';

/** Three GPUs, each with a use of its own, as steady as real ones are. */
export const threeGpus: StandinScript = {
  devices: 3,
  driver: '550.54.15',
  all: { model: 'NVIDIA A100-SXM4-80GB', memory_mib: 81_920, power_limit_watts: 400 },
  gpus: {
    // Training with a pause at each checkpoint.
    0: {
      util: ['square', 6, 0.7, 3, 96],
      memcopy: ['square', 6, 0.7, 1, 61],
      power: ['square', 6, 0.7, 95, 380],
      memused: ['constant', 31_000],
    },
    1: {
      util: ['constant', 0],
      memcopy: ['constant', 0],
      power: ['constant', 62],
      memused: ['constant', 0],
    },
    2: {
      util: ['noise', 11, 90, 99],
      memcopy: ['noise', 12, 40, 47],
      power: ['noise', 13, 330, 350],
      memused: ['constant', 52_000],
    },
  },
};

/** What a right analysis says about them. */
export const threeJobTypes = ['DLT', 'Empty', 'Others'] as const;

/** The same and a fourth with cycles of 25 s: to find them takes longer than the short window of the analysis. */
export const withSlowTraining: StandinScript = {
  ...threeGpus,
  devices: 4,
  gpus: {
    ...threeGpus.gpus,
    3: {
      util: ['square', 25, 0.7, 3, 96],
      memcopy: ['square', 25, 0.7, 1, 61],
      power: ['square', 25, 0.7, 95, 380],
    },
  },
};

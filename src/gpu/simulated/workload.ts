/** What a simulated GPU does at one instant; all shares are 0-1. */
export interface Activity {
  /** Whether kernels run (a share where the instant is finer than the model). */
  readonly busy: number;
  /** Memory-copy activity. */
  readonly memCopy: number;
  /** Share of the range between idle power and the power limit. */
  readonly intensity: number;
  /** Share of the memory that is held. */
  readonly memory: number;
  /** Command of the process that holds it; null: nobody. */
  readonly process: string | null;
}

/** What a correct analysis says about a workload, in the words of the analysis. */
export interface WorkloadTruth {
  readonly pattern: 'idle' | 'alloc-idle' | 'cyclic' | 'steady' | 'bursty' | 'transition';
  /** Mean length of a cycle that the samples can show; null where there is none. */
  readonly periodSeconds: number | null;
  /** Full utilisation at low power. */
  readonly stall: boolean;
}

/** A pure function of time since the start (seconds, from 0). */
export interface Workload {
  readonly name: WorkloadName;
  activityAt(seconds: number): Activity;
  truthAt(seconds: number): WorkloadTruth;
}

export interface WorkloadOptions {
  readonly seed: number;
  /** Index of the GPU: two GPUs with the same workload differ in period and phase. */
  readonly gpu: number;
}

export const workloadNames = [
  'training',
  'fast-training',
  'bursty-inference',
  'held-idle',
  'batch-inference',
  'idle',
  'stuck',
  'crash',
] as const;
export type WorkloadName = (typeof workloadNames)[number];

export const nothing: Activity = { busy: 0, memCopy: 0, intensity: 0, memory: 0, process: null };

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpectedGpu, NodePlan } from './expected.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const traces = join(root, '..', 'shared', 'traces', 'series');

interface Recording extends ExpectedGpu {
  /** File and, behind #, the seconds of it that are played. */
  readonly file: string;
}

/**
 * Real recordings with their labels (labels.csv beside the traces). Segments end after whole cycles, so that a loop
 * goes on in step; labels give the period from the recording itself, never from an autocorrelation.
 */
const recordings: readonly Recording[] = [
  {
    what: 'GPT training on a Titan X, checkpoint cycle',
    file: 'titanx_gpt_2025-12-04-01-22-31_gpu0.csv#18-136.8',
    jobType: 'DLT',
    periodSeconds: 13.2,
  },
  { what: 'an empty A40', file: 'a40_empty.csv#0-640', jobType: 'Empty', periodSeconds: null },
  {
    // 3.2 s, but recorded every 0.5 or 1 s: nothing tells it from the alias of a faster step.
    what: 'mixture of experts with CPU offload',
    file: 'moe_cpuoffload_gpu0.csv#10-121',
    jobType: 'DLT',
    periodSeconds: null,
  },
  {
    // A loop is itself a cycle: this one is called so only when it has come round a second time (after 11 min).
    what: 'data-parallel training, seen as steady',
    file: 'ember_ddp_sync.csv#45-400',
    jobType: 'Others',
    periodSeconds: null,
  },
];

/** A node that replays real traces; undefined where the traces are not at hand. */
export function replayedNode(name: string): NodePlan | undefined {
  if (!existsSync(traces)) return undefined;
  const files = recordings.map(({ file }) => join(traces, file));
  return {
    name,
    args: ['--source=replay', `--replay.files=${files.join(',')}`],
    gpus: recordings.map(({ what, jobType, periodSeconds }) => ({ what, jobType, periodSeconds })),
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeStandin } from '../nvml/standin.ts';
import type { GpuScript } from '../nvml/script.ts';
import type { ExpectedGpu, NodePlan } from './expected.ts';

interface ScriptedGpu extends ExpectedGpu {
  readonly script: GpuScript;
}

/** Training with a pause at each checkpoint, as the driver would show it. */
function cyclic(periodSeconds: number, duty: number): ScriptedGpu {
  return {
    what: `driver stand-in, cycle of ${periodSeconds} s`,
    jobType: 'DLT',
    periodSeconds,
    script: {
      util: ['square', periodSeconds, duty, 3, 96],
      memcopy: ['square', periodSeconds, duty, 1, 61],
      power: ['square', periodSeconds, duty, 95, 380],
      memused: ['constant', 31_000],
    },
  };
}

const gpus: readonly ScriptedGpu[] = [
  cyclic(12, 0.75),
  {
    what: 'driver stand-in, idle',
    jobType: 'Empty',
    periodSeconds: null,
    script: {
      util: ['constant', 0],
      memcopy: ['constant', 0],
      power: ['constant', 62],
      memused: ['constant', 0],
    },
  },
  {
    what: 'driver stand-in, steadily busy',
    jobType: 'Others',
    periodSeconds: null,
    script: {
      util: ['noise', 11, 90, 99],
      memcopy: ['noise', 12, 40, 47],
      power: ['noise', 13, 330, 350],
      memused: ['constant', 52_000],
    },
  },
  cyclic(7.5, 0.5),
];

/** A node whose driver library is the stand-in of native/nvml; our own code runs on it unchanged. */
export async function standinNode(name: string): Promise<NodePlan & { remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-standin-'));
  const { library } = await placeStandin(folder, {
    devices: gpus.length,
    all: { model: 'Stand-in A100', memory_mib: 81_920, power_limit_watts: 400 },
    gpus: Object.fromEntries(gpus.map(({ script }, index) => [index, script])),
  });
  return {
    name,
    args: ['--source=nvml', `--nvml.library=${library}`],
    gpus: gpus.map(({ what, jobType, periodSeconds }) => ({ what, jobType, periodSeconds })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

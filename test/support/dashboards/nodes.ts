import { join } from 'node:path';
import { podWith } from '../kubelet/fake-kubelet.ts';
import type { PodEntry } from '../kubelet/pod-resources-codec.ts';
import { placeStandin } from '../nvml/standin.ts';

/** A node of the scenario: flags of its collector and what its kubelet says. */
export interface MonitoredNode {
  readonly name: string;
  readonly args: readonly string[];
  /** Asked of the collector's own GPUs, whose UUIDs may be known only there. */
  readonly pods: (uuids: readonly string[]) => readonly PodEntry[];
}

/** Seconds after which one GPU of the stand-in falls off the bus. */
const lostAfterSeconds = 45;

/** The driver stand-in with one GPU in each state that pages and alerts are about: training, held idle, lost, stalled, hot and badly linked. */
export async function standinNode(folder: string): Promise<MonitoredNode> {
  const { library } = await placeStandin(folder, {
    devices: 5,
    all: { model: 'Stand-in A100', memory_mib: 81_920, power_limit_watts: 400 },
    gpus: {
      0: {
        util: ['square', 12, 0.75, 3, 96],
        memcopy: ['square', 12, 0.75, 1, 61],
        power: ['square', 12, 0.75, 95, 380],
        memused: ['constant', 31_000],
      },
      1: {
        util: ['constant', 0],
        memcopy: ['constant', 0],
        power: ['constant', 62],
        memused: ['constant', 24_000],
      },
      2: {
        util: ['noise', 11, 90, 99],
        power: ['noise', 13, 330, 350],
        memused: ['constant', 52_000],
      },
      3: { util: ['constant', 100], power: ['noise', 5, 96, 102], memused: ['constant', 40_000] },
      4: {
        util: ['noise', 21, 85, 99],
        power: ['noise', 23, 350, 390],
        memused: ['sine', 60, 20_000, 60_000],
      },
    },
    processes: [
      { gpu: 0, pid: 4_190_001, mib: 1_000 },
      { gpu: 1, pid: 4_190_002, mib: 500 },
    ],
    faults: [{ lost: true, gpu: 2, between: [lostAfterSeconds, 1e9] }],
  });
  return {
    name: 'gpu-node-1',
    args: ['--source=nvml', `--nvml.library=${library}`],
    pods: (uuids) => [
      podWith('train-0', uuids.slice(0, 1), { namespace: 'research', container: 'trainer' }),
      podWith('train-1', uuids.slice(2, 4), { namespace: 'research', container: 'trainer' }),
      podWith('notebook-anna', uuids.slice(1, 2), { namespace: 'notebooks', container: 'jupyter' }),
    ],
  };
}

/** Simulated GPUs; two pods share one of them, and one lies idle in a pod that has never used it. */
export function simulatedNode(): MonitoredNode {
  const workloads = [
    'training',
    'bursty-inference',
    'held-idle',
    'idle',
    'fast-training',
    'idle',
    'batch-inference',
    'stuck',
  ];
  return {
    name: 'gpu-node-2',
    args: [
      '--source=simulated',
      `--simulated.gpus=${workloads.length}`,
      `--simulated.workloads=${workloads.join(',')}`,
      '--simulated.seed=7',
    ],
    pods: (uuids) => [
      podWith('train-2', uuids.slice(0, 1), { namespace: 'research', container: 'trainer' }),
      podWith('chat', uuids.slice(1, 2), { namespace: 'serving', container: 'model' }),
      podWith('embed', uuids.slice(1, 2), { namespace: 'serving', container: 'model' }),
      podWith('notebook-ben', uuids.slice(2, 4), { namespace: 'notebooks', container: 'jupyter' }),
    ],
  };
}

/** A node whose collector finds no driver. */
export function nodeWithoutDriver(folder: string): MonitoredNode {
  return {
    name: 'gpu-node-3',
    args: ['--source=nvml', `--nvml.library=${join(folder, 'libnvidia-ml-absent.so.1')}`],
    pods: () => [],
  };
}

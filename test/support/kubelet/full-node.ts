import { encodeListAnswer, type ContainerEntry, type PodEntry } from './pod-resources-codec.ts';

/** Pods of the most crowded node that clusters allow today (250), each with ten containers and exclusive processors and memory. */
export function fullNode(): { pods: readonly PodEntry[]; gpuPods: number; bytes: number } {
  const nodes = { nodes: [{ ID: 0 }, { ID: 1 }] };
  const container = (pod: number, index: number): ContainerEntry => ({
    name: `a-container-with-a-rather-long-name-${index}`,
    devices:
      index === 0 && pod % 2 === 0
        ? [
            {
              resource_name: 'nvidia.com/gpu',
              device_ids: [`GPU-00000000-0000-4000-8000-00000000000${pod % 8}::${pod}`],
              topology: nodes,
            },
          ]
        : [{ resource_name: 'example.com/nic', device_ids: [`nic-${pod}-${index}`] }],
    cpu_ids: Array.from({ length: 256 }, (_, cpu) => cpu),
    memory: [{ memory_type: 'memory', size: 2 ** 34, topology: nodes }],
  });
  const pods = Array.from({ length: 250 }, (_, pod) => ({
    name: `a-pod-with-a-name-of-the-usual-length-7d9f8b6c5d-${pod}`,
    namespace: 'team-of-somebody',
    containers: Array.from({ length: 10 }, (__, index) => container(pod, index)),
  }));
  return { pods, gpuPods: 125, bytes: encodeListAnswer({ pod_resources: pods }).length };
}

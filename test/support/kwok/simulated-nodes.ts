import type { ApiServer } from '../apiserver.ts';

export const gpusPerNode = 8;
const zones = ['a', 'b', 'c'];
/** Creations at the same time. */
const inFlight = 16;

/** `gpu-0042`: all of one length, so that one exposition can be turned into that of another node in place. */
export function gpuNodeName(index: number): string {
  return `gpu-${String(index).padStart(4, '0')}`;
}

/** The other way round; undefined for the name of any other node. */
export function gpuNodeIndex(name: string): number | undefined {
  const digits = /^gpu-(\d{4})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The GPU node that owns a pod's address: each node has a /24 of 10.0.0.0/8 of its own. */
export function gpuNodeOfPodAddress(address: string): string | undefined {
  const bytes = /^10\.(\d+)\.(\d+)\.\d+$/.exec(address);
  if (bytes === null) return undefined;
  return gpuNodeName((Number(bytes[1]) - firstGpuByte) * 256 + Number(bytes[2]));
}

const firstGpuByte = 100;

/**
 * A GPU node as a kubelet, node and GPU feature discovery and the device plugin leave it: their labels, eight GPUs, and
 * the taint that keeps other work away.
 */
export function gpuNode(index: number): object {
  const name = gpuNodeName(index);
  const resources = { cpu: '128', memory: '2Ti', pods: '110', 'nvidia.com/gpu': `${gpusPerNode}` };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        ...commonLabels(name, index),
        'feature.node.kubernetes.io/pci-10de.present': 'true',
        'nvidia.com/gpu.present': 'true',
        'nvidia.com/gpu.count': `${gpusPerNode}`,
        'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
        'nvidia.com/gpu.memory': '81559',
        'nvidia.com/mig.capable': 'true',
        'nvidia.com/cuda.driver.major': '550',
      },
    },
    spec: {
      podCIDR: `10.${firstGpuByte + (index >> 8)}.${index & 255}.0/24`,
      podCIDRs: [`10.${firstGpuByte + (index >> 8)}.${index & 255}.0/24`],
      taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
    },
    status: ready(resources),
  };
}

/** A node without a GPU, for all other work. */
export function cpuNode(index: number): object {
  const name = `cpu-${String(index).padStart(4, '0')}`;
  const resources = { cpu: '32', memory: '128Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: commonLabels(name, index) },
    spec: { podCIDR: `10.1.${index}.0/24`, podCIDRs: [`10.1.${index}.0/24`] },
    status: ready(resources),
  };
}

function ready(resources: Readonly<Record<string, string>>): object {
  return {
    capacity: resources,
    allocatable: resources,
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
  };
}

/** What a kubelet, a cloud and node feature discovery put on each node. */
function commonLabels(name: string, index: number): Record<string, string> {
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'feature.node.kubernetes.io/kernel-version.major': '6',
    'topology.kubernetes.io/region': 'test',
    'topology.kubernetes.io/zone': `test-${zones[index % zones.length] ?? ''}`,
  };
}

export async function createNodes(apiServer: ApiServer, nodes: readonly object[]): Promise<void> {
  await inParallel(nodes, (node) => apiServer.admin.create('/api/v1/nodes', node));
}

export async function deleteNodes(apiServer: ApiServer, names: readonly string[]): Promise<void> {
  await inParallel(names, (name) => apiServer.admin.delete(`/api/v1/nodes/${name}`));
}

async function inParallel<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

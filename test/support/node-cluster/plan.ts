import type { PartName } from '../parts/catalogue.ts';

/** The programs that run inside, and what they run. */
export const nodeClusterParts = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'runc',
  'cni-bridge',
  'coredns',
  'nft',
  'iptables',
] as const satisfies readonly PartName[];
export type NodeClusterPart = (typeof nodeClusterParts)[number];

/** All that the processes inside are told, in a file; they ask nobody else. */
export interface NodePlan {
  /** Everything that is written, on the machine's disk; removed at the end. */
  readonly folder: string;
  readonly nodeName: string;
  readonly apiPort: number;
  /** Path by part. */
  readonly parts: Readonly<Record<NodeClusterPart, string>>;
  /** docker-archive of the pod sandbox. */
  readonly pauseArchive: string;
  /** UUIDs that the device plugin offers; in the order of the GPU indices. */
  readonly gpuUuids: readonly string[];
  /** The stand-in driver library, with its script beside it. */
  readonly driverLibrary: string;
}

/** Addresses within the node's network. */
export const addresses = {
  node: '10.244.0.1',
  pods: '10.244.0.0/24',
  services: '10.96.0.0/16',
  dns: '10.96.0.10',
} as const;

export const planFileName = 'plan.json';
export const forwarderSocketName = 'forward.sock';

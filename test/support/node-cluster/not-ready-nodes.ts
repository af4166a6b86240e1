import { waitUntil } from '../wait-until.ts';
import { annotationsOf, domain } from './node-annotations.ts';
import type { NodeCluster } from './start-node-cluster.ts';

/** Somebody else's key under our domain, which stays whatever happens. */
export const foreignKey = `${domain}scheduler-hint`;

/**
 * Nodes whose kubelet has fallen silent, annotated like the real one when it last spoke. Discovery has found no GPU on them, so that no
 * pod waits for them for ever.
 */
export async function addNotReadyNodes(cluster: NodeCluster, count: number): Promise<void> {
  const annotations = { ...(await annotationsOf(cluster)), [foreignKey]: 'not ours' };
  for (let i = 0; i < count; i += 1) {
    const name = `silent-${String(i).padStart(2, '0')}`;
    await cluster.admin.create('/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        annotations,
        labels: {
          'kubernetes.io/os': 'linux',
          'feature.node.kubernetes.io/kernel-version.major': '6',
        },
      },
    });
    const condition = {
      type: 'Ready',
      status: 'False',
      reason: 'KubeletNotReady',
      message: 'silent',
    };
    await cluster.admin.patch(`/api/v1/nodes/${name}/status`, {
      status: { conditions: [condition] },
    });
  }
  await waitUntil(
    async () => {
      const nodes = await cluster.kubectl(['get', 'nodes', '--no-headers']);
      return nodes.split('\n').filter((line) => line.includes('NotReady')).length === count;
    },
    { what: `${count} nodes NotReady`, timeoutMs: 60_000 },
  );
}

export async function removeNotReadyNodes(cluster: NodeCluster): Promise<void> {
  const { items } = await cluster.admin.get<{ items: { metadata: { name: string } }[] }>(
    '/api/v1/nodes',
  );
  for (const { metadata } of items) {
    if (metadata.name.startsWith('silent-'))
      await cluster.admin.delete(`/api/v1/nodes/${metadata.name}`);
  }
}

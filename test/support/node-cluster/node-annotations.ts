import { readAuditLog, type AuditEvent } from '../audit-log.ts';
import { waitUntil } from '../wait-until.ts';
import { threeJobTypes } from './gpus.ts';
import type { NodeCluster } from './start-node-cluster.ts';

export const domain = 'ai.centaurus.io/';

interface NodeObject {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** All keys under our domain on a node, whoever wrote them. */
export async function annotationsOf(
  cluster: NodeCluster,
  node = cluster.nodeName,
): Promise<Record<string, string>> {
  const { metadata } = await cluster.admin.get<NodeObject>(`/api/v1/nodes/${node}`);
  return ofDomain(metadata.annotations);
}

/** The same of all nodes, without those that have none. */
export async function allAnnotations(
  cluster: NodeCluster,
): Promise<Record<string, Record<string, string>>> {
  const { items } = await cluster.admin.get<{ items: readonly NodeObject[] }>('/api/v1/nodes');
  const all = items.map(({ metadata }) => [metadata.name, ofDomain(metadata.annotations)] as const);
  return Object.fromEntries(all.filter(([, keys]) => Object.keys(keys).length > 0));
}

function ofDomain(annotations: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith(domain)));
}

/** Waits until each of the three GPUs has the job type that is true of it. */
export async function untilAnnotated(cluster: NodeCluster): Promise<Record<string, string>> {
  let seen = '';
  return waitUntil(
    async () => {
      const annotations = await annotationsOf(cluster);
      seen = JSON.stringify(annotations);
      const right = threeJobTypes.every(
        (type, index) => annotations[`${domain}GPU-${index}-job-type`] === type,
      );
      return right && annotations;
    },
    {
      what: 'all three GPUs annotated rightly',
      timeoutMs: 240_000,
      everyMs: 1000,
      context: () => seen,
    },
  );
}

/** Writes of our controllers to nodes so far. */
export async function controllerWrites(cluster: NodeCluster): Promise<AuditEvent[]> {
  const events = await readAuditLog(cluster.auditLog);
  return events.filter(
    ({ objectRef, verb, user }) =>
      objectRef?.resource === 'nodes' &&
      verb === 'patch' &&
      /^system:serviceaccount:.*-controller$/.test(user.username) &&
      !user.username.includes(':kube-system:'),
  );
}

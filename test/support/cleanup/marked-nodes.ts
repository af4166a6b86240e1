import {
  isOurKey,
  jobTypeKey,
  memUtilMaxKey,
  profileKey,
  staticKey,
} from '../../../src/controller/annotation-keys.ts';
import { withRecord } from '../../../src/controller/ownership.ts';
import type { ApiServer } from '../apiserver.ts';

type Annotations = Readonly<Record<string, string>>;

export const foreignKey = 'ai.centaurus.io/scheduler-hint';
export const foreignValue = ' {"odd":  "text"}\t';

/** What the controller would have written on a node with two GPUs, and a key of somebody else's under the same domain. */
export function marks(): Record<string, string> {
  const gpus = [0, 1].map((i) => ({ i, uuid: `GPU-${i}`, pattern: 'cyclic', since: 's' }));
  return {
    ...withRecord({
      [jobTypeKey(0)]: 'DLT',
      [memUtilMaxKey(0)]: '45',
      [jobTypeKey(1)]: 'DLT',
      [profileKey]: JSON.stringify({ v: 1, asOf: '2026-11-21T12:00:00Z', gpus }),
      [staticKey]: '{"v":1,"count":2}',
    }),
    [foreignKey]: foreignValue,
  };
}

export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

const atOnce = 16;

/** Makes nodes, several at a time; with `ready` false the state in which a node is that has not been heard of for long. */
export async function createNodes(
  apiServer: ApiServer,
  names: readonly string[],
  annotations: Annotations,
  ready = true,
): Promise<void> {
  const waiting = names.values();
  const work = async (): Promise<void> => {
    for (const name of waiting) {
      await apiServer.admin.create('/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, annotations },
        ...(ready ? {} : notReady),
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

const notReady = {
  spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] },
  status: {
    conditions: [
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastHeartbeatTime: '2026-01-01T00:00:00Z',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  },
};

/** Annotations of all nodes, by node. */
export async function allAnnotations(apiServer: ApiServer): Promise<Map<string, Annotations>> {
  const { items } = await apiServer.admin.get<{
    items: { metadata: { name: string; annotations?: Annotations } }[];
  }>('/api/v1/nodes');
  return new Map(items.map(({ metadata }) => [metadata.name, metadata.annotations ?? {}]));
}

/** Every key of our form on any node, as node/key. */
export async function ourKeysLeft(apiServer: ApiServer): Promise<readonly string[]> {
  const all = await allAnnotations(apiServer);
  return [...all].flatMap(([node, annotations]) =>
    Object.keys(annotations)
      .filter(isOurKey)
      .map((key) => `${node}/${key}`),
  );
}

export async function deleteAllNodes(apiServer: ApiServer): Promise<void> {
  await apiServer.admin.delete('/api/v1/nodes');
}

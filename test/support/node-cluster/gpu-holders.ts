import { namespace } from './install-chart.ts';
import { pauseImage } from './pause-image.ts';
import type { NodeCluster } from './start-node-cluster.ts';
import { waitUntil } from '../wait-until.ts';

/**
 * Starts a pod with one container per name; each holds that many GPUs, and does nothing. Returns when it runs.
 * A pod that the kubelet refused, as it may just after its start, is replaced, as the controller of a workload would.
 */
export async function startHolder(
  cluster: NodeCluster,
  pod: string,
  gpusByContainer: Readonly<Record<string, number>>,
): Promise<void> {
  const containers = Object.entries(gpusByContainer).map(([name, gpus]) => ({
    name,
    image: pauseImage,
    imagePullPolicy: 'Never',
    ...(gpus === 0 ? {} : { resources: { limits: { 'nvidia.com/gpu': gpus } } }),
  }));
  const create = (): Promise<unknown> =>
    cluster.admin.create('/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod },
      // The program of the image ends at SIGKILL only.
      spec: { containers, terminationGracePeriodSeconds: 0 },
    });
  await create();
  let seen = '';
  await waitUntil(
    async () => {
      const { status } = await cluster.admin.get<PodStatus>(
        `/api/v1/namespaces/default/pods/${pod}`,
      );
      seen = JSON.stringify(status);
      if (status.phase === 'Failed') {
        await cluster.kubectl(`delete pod ${pod} --wait=true`);
        await create();
        return false;
      }
      return status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    },
    { what: `pod ${pod} ready`, timeoutMs: 120_000, everyMs: 300, context: () => seen },
  );
}

interface PodStatus {
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** `NAMESPACE/POD/CONTAINER` → UUIDs of its GPUs, sorted. */
export type Holders = Readonly<Record<string, readonly string[]>>;

/** Who holds what, as the collector's /metrics says. */
export async function holdersByMetrics(cluster: NodeCluster): Promise<Holders> {
  const text = await collectorMetrics(cluster);
  const pairs = text
    .split('\n')
    .filter((line) => line.startsWith('gpu_pod_info{'))
    .map((line) => {
      const labels = Object.fromEntries(
        [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      ) as Record<string, string>;
      return [
        `${labels['namespace']}/${labels['pod']}/${labels['container']}`,
        labels['uuid'] ?? '',
      ];
    });
  return grouped(pairs as [string, string][]);
}

export async function collectorMetrics(cluster: NodeCluster): Promise<string> {
  const pod = await cluster.kubectl(
    `-n ${namespace} get pods -l app.kubernetes.io/component=collector --field-selector=status.phase=Running -o jsonpath={.items[0].metadata.name}`,
  );
  return cluster.kubectl(
    `get --raw /api/v1/namespaces/${namespace}/pods/${pod}:9876/proxy/metrics`,
  );
}

interface Checkpoint {
  readonly Data: {
    readonly PodDeviceEntries:
      | readonly {
          readonly PodUID: string;
          readonly ContainerName: string;
          readonly DeviceIDs: Readonly<Record<string, readonly string[]>>;
        }[]
      | null;
  };
}

/** The same as the kubelet itself remembers it on the disk, for the pods that exist. */
export async function holdersByKubelet(cluster: NodeCluster): Promise<Holders> {
  const file = '/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint';
  const read = await cluster.exec('cat', [file]);
  const { Data } = JSON.parse(read.stdout) as Checkpoint;
  const { items } = await cluster.admin.get<{
    items: { metadata: { uid: string; name: string; namespace: string } }[];
  }>('/api/v1/pods');
  const names = new Map(items.map(({ metadata }) => [metadata.uid, metadata]));
  const pairs = (Data.PodDeviceEntries ?? []).flatMap(({ PodUID, ContainerName, DeviceIDs }) => {
    const pod = names.get(PodUID);
    if (pod === undefined) return [];
    return Object.values(DeviceIDs)
      .flat()
      .map((uuid) => [`${pod.namespace}/${pod.name}/${ContainerName}`, uuid] as [string, string]);
  });
  return grouped(pairs);
}

function grouped(pairs: readonly [string, string][]): Holders {
  const holders: Record<string, string[]> = {};
  for (const [holder, uuid] of pairs) (holders[holder] ??= []).push(uuid);
  for (const uuids of Object.values(holders)) uuids.sort();
  return holders;
}

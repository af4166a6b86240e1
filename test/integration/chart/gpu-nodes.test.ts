import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderText } from '../../support/chart/render.ts';
import { startControllerManager } from '../../support/controller-manager.ts';
import { startControlPlane, type ControlPlane } from '../../support/control-plane.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { kubectl } from '../../support/kubectl.ts';
import type { Service } from '../../support/service.ts';
import { waitUntil } from '../../support/wait-until.ts';

const examined = { 'feature.node.kubernetes.io/kernel-version.major': '6' };
const nvidiaTaint = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' };

/** Nodes as discoveries and clouds label them. */
const nodes: readonly { name: string; labels: Record<string, string>; taints?: object[] }[] = [
  { name: 'unlabelled', labels: {} },
  { name: 'nfd-without-gpu', labels: examined },
  {
    name: 'nfd-of-gpu-operator',
    labels: { ...examined, 'feature.node.kubernetes.io/pci-10de.present': 'true' },
  },
  {
    name: 'nfd-by-default',
    labels: { ...examined, 'feature.node.kubernetes.io/pci-0302_10de.present': 'true' },
  },
  {
    name: 'nfd-other-vendor',
    labels: { ...examined, 'feature.node.kubernetes.io/pci-1002.present': 'true' },
  },
  { name: 'gfd', labels: { ...examined, 'nvidia.com/gpu.present': 'true' } },
  {
    name: 'gfd-tainted',
    labels: { ...examined, 'nvidia.com/gpu.present': 'true' },
    taints: [nvidiaTaint],
  },
  { name: 'gke', labels: { 'cloud.google.com/gke-accelerator': 'nvidia-l4' } },
  { name: 'other-taint', labels: {}, taints: [{ key: 'database', effect: 'NoSchedule' }] },
  { name: 'windows', labels: { 'kubernetes.io/os': 'windows', 'nvidia.com/gpu.present': 'true' } },
];
const withGpu = ['nfd-of-gpu-operator', 'nfd-by-default', 'gfd', 'gfd-tainted', 'gke'];
const linuxUntainted = nodes
  .map(({ name }) => name)
  .filter((name) => name !== 'other-taint' && name !== 'windows');

interface PodList {
  readonly items: readonly {
    readonly spec: {
      readonly affinity: {
        readonly nodeAffinity: {
          readonly requiredDuringSchedulingIgnoredDuringExecution: {
            readonly nodeSelectorTerms: readonly {
              readonly matchFields: readonly { readonly values: readonly string[] }[];
            }[];
          };
        };
      };
    };
  }[];
}

describeWithCluster('the nodes that get a collector', () => {
  let plane: ControlPlane;
  let manager: Service;

  beforeAll(async () => {
    // No kubelet says that these nodes are ready, and nothing is to hold that against them.
    plane = await startControlPlane({
      extraArgs: ['--disable-admission-plugins=TaintNodesByCondition'],
    });
    const { apiServer } = plane;
    for (const { name, labels, taints = [] } of nodes) {
      await apiServer.admin.create('/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/os': 'linux', ...labels } },
        spec: { taints },
      });
    }
    // The real DaemonSet controller decides.
    manager = await startControllerManager(apiServer, [
      '--controllers=daemonset-controller,serviceaccount-controller,serviceaccount-token-controller',
    ]);
  });

  afterAll(async () => {
    await manager?.stop();
    await plane?.stop();
  });

  it.each([
    ['auto', {}, [...withGpu, 'unlabelled']],
    ['labelled', { runOn: 'labelled' }, withGpu],
    ['all', { runOn: 'all' }, linuxUntainted],
    [
      'tolerant',
      { runOn: 'labelled', nodeSelector: { 'kubernetes.io/os': null } },
      [...withGpu, 'windows'],
    ],
  ])('%s', async (namespace, collector, expected) => {
    const { apiServer } = plane;
    await kubectl(apiServer, ['create', 'namespace', namespace]);
    const values = { collector, controller: { enabled: false }, prometheus: { enabled: false } };
    await kubectl(apiServer, ['apply', '-f', '-'], await renderText({ namespace, values }));
    const found = await waitUntil(
      async () => {
        const path = `/api/v1/namespaces/${namespace}/pods`;
        const { items } = await apiServer.admin.get<PodList>(path);
        return items.length < expected.length ? undefined : items.map(nodeOf);
      },
      { what: `${expected.length} pods`, timeoutMs: 60_000 },
    );
    expect(found).toHaveLength(expected.length);
    expect(new Set(found)).toEqual(new Set(expected));
  });
});

/** Where the DaemonSet controller wants a pod: no scheduler has bound it. */
function nodeOf({ spec }: PodList['items'][number]): string | undefined {
  const required = spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  return required.nodeSelectorTerms[0]?.matchFields[0]?.values[0];
}

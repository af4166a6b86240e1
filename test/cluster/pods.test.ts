import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithNode } from '../support/node-cluster/describe-with-node.ts';
import { followCommands } from '../support/node-cluster/documented-commands.ts';
import { explainFailures } from '../support/node-cluster/explain-failures.ts';
import {
  collectorMetrics,
  holdersByKubelet,
  holdersByMetrics,
  startHolder,
  type Holders,
} from '../support/node-cluster/gpu-holders.ts';
import {
  installChart,
  namespace,
  untilCollectorReady,
} from '../support/node-cluster/install-chart.ts';
import { annotationsOf, untilAnnotated } from '../support/node-cluster/node-annotations.ts';
import type { NodeCluster } from '../support/node-cluster/start-node-cluster.ts';
import { startClusterWithImages } from '../support/node-cluster/start-with-images.ts';
import { waitUntil } from '../support/wait-until.ts';

describeWithNode('pods on a real node', () => {
  let cluster: NodeCluster;
  explainFailures(() => cluster);

  beforeAll(async () => {
    cluster = await startClusterWithImages();
    await installChart(cluster);
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  /** Waits until the metrics name just these holders, whatever GPUs they have. */
  function untilHeldBy(names: readonly string[]): Promise<Holders> {
    let seen: Holders = {};
    return waitUntil(
      async () => {
        seen = await holdersByMetrics(cluster);
        return Object.keys(seen).sort().join(' ') === [...names].sort().join(' ') && seen;
      },
      {
        what: `GPUs held by ${names.join(', ')}`,
        timeoutMs: 90_000,
        everyMs: 500,
        context: () => JSON.stringify(seen),
      },
    );
  }

  it('says which container holds which GPU, as the kubelet does', async () => {
    await startHolder(cluster, 'trainer', { main: 1, sidecar: 0 });
    await startHolder(cluster, 'pair', { left: 1, right: 1 });

    const holders = await untilHeldBy([
      'default/trainer/main',
      'default/pair/left',
      'default/pair/right',
    ]);

    expect(holders).toEqual(await holdersByKubelet(cluster));
    expect(Object.values(holders).flat().sort()).toEqual([...cluster.gpuUuids].sort());
  });

  it('leaves the series of the GPUs themselves without labels of pods', async () => {
    const metrics = await collectorMetrics(cluster);

    const withPod = metrics.split('\n').filter((line) => line.includes('pod="'));

    expect(new Set(withPod.map((line) => line.split('{')[0]))).toEqual(new Set(['gpu_pod_info']));
    expect(metrics).toContain('gpu_profiler_pod_resources_up 1');
  });

  it('forgets a pod that has gone', async () => {
    await cluster.kubectl('delete pod pair --wait=true');

    const holders = await untilHeldBy(['default/trainer/main']);

    expect(holders).toEqual(await holdersByKubelet(cluster));
  });

  it('goes on after a restart of the kubelet', async () => {
    await cluster.restart('kubelet');
    await startHolder(cluster, 'later', { main: 2 });

    const holders = await untilHeldBy(['default/later/main', 'default/trainer/main']);

    expect(holders).toEqual(await holdersByKubelet(cluster));
    expect(holders['default/later/main']).toHaveLength(2);
    expect(await collectorMetrics(cluster)).toContain('gpu_profiler_pod_resources_up 1');
  });

  it('comes through a rolling restart of the DaemonSet', async () => {
    const before = await untilAnnotated(cluster);

    await cluster.kubectl(`-n ${namespace} rollout restart ds/gpu-profiler-collector`);
    await untilCollectorReady(cluster);

    await untilHeldBy(['default/later/main', 'default/trainer/main']);
    const after = await untilAnnotated(cluster);
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });

  it('lets its node be drained, one controller at a time, and keeps collector and annotations', async () => {
    const before = Object.keys(await untilAnnotated(cluster));

    const said = await followCommands(
      cluster,
      `kubectl drain ${cluster.nodeName} --ignore-daemonsets --delete-emptydir-data --force --timeout=240s 2>&1`,
    );

    // There is no other node, so the second controller stays until it is of no use: Prometheus has gone too.
    expect(said).toContain("would violate the pod's disruption budget");
    expect(said).toContain(`node/${cluster.nodeName} drained`);
    expect(await collectorMetrics(cluster)).toContain('gpu_utilization_ratio{');
    expect(Object.keys(await annotationsOf(cluster))).toEqual(before);

    await cluster.kubectl(`uncordon ${cluster.nodeName}`);
    await cluster.kubectl(
      `-n ${namespace} rollout status deploy/gpu-profiler-controller --timeout=180s`,
      { timeoutMs: 190_000 },
    );
    await untilAnnotated(cluster);
  }, 600_000);
});

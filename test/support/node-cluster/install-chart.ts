import { chart } from '../helm.ts';
import type { NodeCluster } from './start-node-cluster.ts';

export const namespace = 'gpu-profiler';

/** Installs the chart or upgrades to it as it is, with the web UI on the node, and waits until its pods are ready; returns what Helm said. */
export async function installChart(cluster: NodeCluster, folder = chart): Promise<string> {
  const said = await cluster.helm(
    `upgrade --install gpu-profiler ${folder} -n ${namespace} --create-namespace --set=prometheus.hostPort=9090 --wait --timeout=240s`,
    { timeoutMs: 300_000 },
  );
  await untilCollectorReady(cluster);
  return said;
}

/** Helm does not wait for every pod of a DaemonSet. */
export async function untilCollectorReady(cluster: NodeCluster): Promise<void> {
  await cluster.kubectl(`-n ${namespace} rollout status ds/gpu-profiler-collector --timeout=120s`, {
    timeoutMs: 130_000,
  });
}

import { chart } from '../helm.ts';
import type { NodeCluster } from './start-node-cluster.ts';

export const namespace = 'gpu-profiler';

/** Shorter than by default, so that verdicts come sooner; all else is as the chart has it. */
const values =
  '--set=prometheus.hostPort=9090,prometheus.scrapeInterval=5s,prometheus.scrapeTimeout=5s --set-json=controller.config={"interval":"5s"}';

/** Installs the chart or upgrades to it, and waits until its pods are ready; returns what Helm said. */
export async function installChart(cluster: NodeCluster, folder = chart): Promise<string> {
  const said = await cluster.helm(
    `upgrade --install gpu-profiler ${folder} -n ${namespace} --create-namespace ${values} --wait --timeout=240s`,
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

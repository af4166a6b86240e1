import { chart } from '../helm.ts';
import { missingPrivileges } from '../node-cluster/privileges.ts';
import type { NodeCluster } from '../node-cluster/start-node-cluster.ts';
import { startClusterWithImages } from '../node-cluster/start-with-images.ts';
import { findPart } from '../parts/find-part.ts';

const namespace = 'gpu-profiler';

/**
 * `npm run cluster -- --kubelet`: a whole Kubernetes with a real kubelet, the chart installed in it; runs until `ended`.
 * Returns the exit code.
 */
export async function runOnANode(
  say: (line: string) => void,
  ended: Promise<void>,
): Promise<number> {
  const missing = await missingPrivileges();
  if (missing.length > 0) {
    say(`A node of its own needs what this machine does not allow:`);
    for (const line of missing) say(`  ${line}`);
    return 1;
  }
  const cluster = await startClusterWithImages({ progress: (line) => say(`  starting ${line} …`) });
  try {
    const flags = `-n ${namespace} --create-namespace --set prometheus.hostPort=9090`;
    say(`  helm install gpu-profiler charts/gpu-profiler ${flags} …`);
    await cluster.helm(`install gpu-profiler ${chart} ${flags} --wait --timeout 240s`, {
      timeoutMs: 300_000,
    });
    await describe(cluster, say);
    await ended;
    say('\nStopping …');
    return 0;
  } finally {
    await cluster.stop();
  }
}

async function describe(cluster: NodeCluster, say: (line: string) => void): Promise<void> {
  const prometheus = await cluster.forward(`${cluster.nodeAddress}:9090`);
  say('\nRunning:');
  say(`  Prometheus web UI   http://${prometheus}   (port 9090 of the node)`);
  say(
    `  node                ${cluster.nodeName}, ${cluster.gpuUuids.length} GPUs (stand-in driver library)`,
  );
  say(`  logs                ${cluster.folder}`);
  say('\nLook at it, and do what you like:');
  say(`  export KUBECONFIG=${cluster.kubeconfig}`);
  say(
    `  export PATH=${[await findPart('kubectl'), await findPart('helm')].map((file) => file.replace(/\/[^/]*$/, '')).join(':')}:$PATH`,
  );
  say(`  kubectl describe node | grep -E '^Name:|ai.centaurus.io'`);
  say(`  kubectl -n ${namespace} get pods`);
  say(`  helm test gpu-profiler -n ${namespace}`);
  say(`  helm uninstall gpu-profiler -n ${namespace}`);
  say('Pods that ask for nvidia.com/gpu get one; an image that only waits is localhost/pause:1.');
  say('\nCtrl-C ends everything.\n');
}

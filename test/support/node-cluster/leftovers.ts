import type { NodeCluster } from './start-node-cluster.ts';

/** Everything an installation brings, by its plural. */
const clusterWide = [
  'clusterroles',
  'clusterrolebindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'persistentvolumes',
  'priorityclasses',
];
const namespaced = [
  'daemonsets',
  'deployments',
  'replicasets',
  'jobs',
  'pods',
  'services',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'roles',
  'rolebindings',
  'leases',
  'networkpolicies',
  'poddisruptionbudgets',
  'persistentvolumeclaims',
];

/** What of us is still in the cluster, as `kind namespace/name`; found by name and by label, in every namespace. */
export async function leftovers(cluster: NodeCluster): Promise<string[]> {
  const kinds = [...clusterWide, ...namespaced].join(',');
  const line = '{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.labels}{"\\n"}';
  const listed = await cluster.kubectl([
    'get',
    kinds,
    '--all-namespaces',
    `--output=jsonpath={range .items[*]}${line}{end}`,
  ]);
  // What Kubernetes itself keeps in every namespace is not ours.
  const kept = /^(ConfigMap \S*\/kube-root-ca\.crt|ServiceAccount \S*\/default) /;
  return listed
    .split('\n')
    .filter((found) => /gpu-profiler|prometheus/.test(found) && !kept.test(found));
}

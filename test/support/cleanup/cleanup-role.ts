import type { ApiServer, ApiUser } from '../apiserver.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

/** What cleanup needs on nodes. */
export const nodeRules: readonly Rule[] = [
  { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'patch'] },
];

/** What it needs beside the controller, in its namespace. */
export const controllerRules: readonly Rule[] = [
  {
    apiGroups: ['apps'],
    resources: ['deployments/scale'],
    resourceNames: ['gpu-profiler-controller'],
    verbs: ['get', 'patch'],
  },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: ['gpu-profiler-controller'],
    verbs: ['get', 'update', 'delete'],
  },
];

/** Gives a user rights, in all namespaces or in one. */
export async function grant(
  { admin }: ApiServer,
  user: ApiUser,
  rules: readonly Rule[],
  namespace?: string,
): Promise<void> {
  const name = `test-${user.name.replaceAll(/[^a-z]/g, '-')}`;
  const [path, kind] =
    namespace === undefined ? [rbac, 'ClusterRole'] : [`${rbac}/namespaces/${namespace}`, 'Role'];
  const plural = kind.toLowerCase();
  await admin.create(`${path}/${plural}s`, { metadata: { name }, rules });
  await admin.create(`${path}/${plural}bindings`, {
    metadata: { name },
    roleRef: { apiGroup, kind, name },
    subjects: [{ kind: 'User', name: user.name, apiGroup }],
  });
}

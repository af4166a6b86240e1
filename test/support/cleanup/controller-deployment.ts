import type { ApiClient } from '../api-client.ts';
import { waitUntil } from '../wait-until.ts';

export interface Deployment {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly replicas?: number };
}

/** A Deployment as that of our controller, of two pods that need not run; resolves when both are there. */
export async function createControllerDeployment(
  admin: ApiClient,
  { namespace, name }: { namespace: string; name: string },
): Promise<void> {
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const labels = { app: name };
  await admin.create(deployments, {
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'controller', image: 'gpu-profiler:test' }] },
      },
    },
  });
  const replicas = async (): Promise<number> =>
    (await admin.get<Deployment>(`${deployments}/${name}`)).status.replicas ?? 0;
  await waitUntil(
    async () => (await replicas()) === 2 && (await podCount(admin, namespace)) === 2,
    {
      what: 'two pods',
      timeoutMs: 30_000,
    },
  );
}

export async function podCount(admin: ApiClient, namespace: string): Promise<number> {
  const list = await admin.get<{ items: object[] }>(`/api/v1/namespaces/${namespace}/pods`);
  return list.items.length;
}

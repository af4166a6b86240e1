import type { ApiAccess } from '../api-client.ts';
import type { ApiServer } from '../apiserver.ts';

/** How a pod with that service account gets in: a token of the API server's own making, valid for an hour. */
export async function serviceAccountAccess(
  apiServer: ApiServer,
  namespace: string,
  name: string,
): Promise<ApiAccess> {
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status } = await apiServer.admin.create<{ status: { token: string } }>(path, request);
  return { ...apiServer.accessOf('test-admin'), token: status.token };
}

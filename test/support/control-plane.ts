import { startApiServer, type ApiServer, type ApiServerOptions } from './apiserver.ts';
import { startEtcd } from './etcd.ts';
import type { Service } from './service.ts';

/** etcd and kube-apiserver: enough for nodes, annotations, RBAC, leases and events. */
export interface ControlPlane {
  readonly etcd: Service;
  readonly apiServer: ApiServer;
  readonly stop: () => Promise<void>;
}

export async function startControlPlane(
  options: Omit<ApiServerOptions, 'etcdUrl'> = {},
): Promise<ControlPlane> {
  const etcd = await startEtcd();
  try {
    const apiServer = await startApiServer({ ...options, etcdUrl: etcd.url });
    return {
      etcd,
      apiServer,
      stop: async () => {
        await apiServer.stop();
        await etcd.stop();
      },
    };
  } catch (error) {
    await etcd.stop();
    throw error;
  }
}

import { startCompanion } from './apiserver-companion.ts';
import type { ApiServer } from './apiserver.ts';
import type { Service } from './service.ts';

/** Starts kube-controller-manager beside a ready API server: service accounts, garbage collection, node life cycle. */
export function startControllerManager(
  apiServer: ApiServer,
  extraArgs: readonly string[] = [],
): Promise<Service> {
  return startCompanion('kube-controller-manager', apiServer, [
    `--service-account-private-key-file=${apiServer.files.serviceAccountKeyFile}`,
    `--root-ca-file=${apiServer.files.caFile}`,
    '--use-service-account-credentials=true',
    ...extraArgs,
  ]);
}

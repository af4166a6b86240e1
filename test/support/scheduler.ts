import { startCompanion } from './apiserver-companion.ts';
import type { ApiServer } from './apiserver.ts';
import type { Service } from './service.ts';

/** Starts kube-scheduler beside a ready API server. */
export function startScheduler(
  apiServer: ApiServer,
  extraArgs: readonly string[] = [],
): Promise<Service> {
  return startCompanion('kube-scheduler', apiServer, extraArgs);
}

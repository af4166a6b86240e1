import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../apiserver.ts';

interface DaemonSet {
  readonly metadata: { readonly generation: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly numberUnavailable?: number;
  };
}

export interface RollingRestart {
  readonly seconds: number;
  /** The most pods that were not available at once. */
  readonly worstUnavailable: number;
}

/** Follows the rollout of a DaemonSet that has just been changed, to its end. */
export async function followRestart(
  apiServer: ApiServer,
  { namespace, name, timeoutMs }: { namespace: string; name: string; timeoutMs: number },
): Promise<RollingRestart> {
  const startedMs = performance.now();
  let worstUnavailable = 0;
  for (;;) {
    const { metadata, status } = await apiServer.admin.get<DaemonSet>(
      `/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`,
    );
    worstUnavailable = Math.max(worstUnavailable, status.numberUnavailable ?? 0);
    const seconds = (performance.now() - startedMs) / 1000;
    const desired = status.desiredNumberScheduled;
    if (
      status.observedGeneration === metadata.generation &&
      status.updatedNumberScheduled === desired &&
      status.numberAvailable === desired
    ) {
      return { seconds, worstUnavailable };
    }
    if (seconds * 1000 > timeoutMs) {
      throw new Error(
        `${name}: not rolled out within ${timeoutMs / 1000} s: ${JSON.stringify(status)}`,
      );
    }
    await sleep(250);
  }
}

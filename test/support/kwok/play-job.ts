import { join } from 'node:path';
import type { ApiServer } from '../apiserver.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { runCommand, type CommandResult } from '../parts/run-command.ts';
import { waitUntil } from '../wait-until.ts';
import { serviceAccountAccess } from './service-account.ts';

const bundle = join(import.meta.dirname, '..', '..', '..', 'dist', 'main.js');

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly { readonly name: string; readonly args: readonly string[] }[];
  };
  readonly status: { readonly phase?: string };
}

/**
 * Does what the pod of a Job would do, where kwok only pretends to run it: waits for the pod, runs our program with its
 * flags and the rights of its service account, and reports the end to the API server as a kubelet would.
 */
export async function playJob(
  apiServer: ApiServer,
  { namespace, component }: { readonly namespace: string; readonly component: string },
): Promise<CommandResult> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const selector = encodeURIComponent(`app.kubernetes.io/component=${component}`);
  const pod = await waitUntil(
    async () => {
      const { items } = await apiServer.admin.get<{ items: Pod[] }>(
        `${pods}?labelSelector=${selector}`,
      );
      return items.find(({ status }) => status.phase === 'Running');
    },
    { what: `the pod of the Job ${component}`, timeoutMs: 60_000 },
  );
  const { serviceAccountName, containers } = pod.spec;
  const container = containers[0];
  if (container === undefined) throw new Error(`${pod.metadata.name} has no container`);
  const kubeconfig = join(apiServer.dataDir, `kubeconfig-${component}`);
  await writeKubeconfig(
    kubeconfig,
    await serviceAccountAccess(apiServer, namespace, serviceAccountName),
  );
  const result = await runCommand(
    process.execPath,
    [bundle, ...container.args, `--kubeconfig=${kubeconfig}`],
    { timeoutMs: 180_000 },
  );
  await apiServer.admin.patch(`${pods}/${pod.metadata.name}/status`, {
    status: {
      phase: result.code === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [
        {
          name: container.name,
          ready: false,
          restartCount: 0,
          image: '',
          imageID: '',
          state: { terminated: { exitCode: result.code ?? 137 } },
        },
      ],
    },
  });
  return result;
}

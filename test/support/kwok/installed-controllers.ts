import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiServer } from '../apiserver.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { startProgram } from '../program.ts';
import type { Service } from '../service.ts';
import { serviceAccountAccess } from './service-account.ts';

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

const configFlag = '--config.file=';

/**
 * The controllers that the chart installs, as processes of this machine: replicas, flags, environment, configuration file
 * and rights are what the chart put into the cluster; only the addresses around them differ.
 */
export async function startInstalledControllers(
  apiServer: ApiServer,
  options: { readonly namespace: string; readonly name: string; readonly prometheusUrl: string },
): Promise<Service[]> {
  const { namespace, name } = options;
  const deployment = await apiServer.admin.get<Deployment>(
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  );
  const { replicas, template } = deployment.spec;
  const container = template.spec.containers[0];
  if (container === undefined) throw new Error(`${name} has no container`);
  const kubeconfig = join(apiServer.dataDir, 'kubeconfig-controller');
  await writeKubeconfig(
    kubeconfig,
    await serviceAccountAccess(apiServer, namespace, template.spec.serviceAccountName),
  );
  const config = join(apiServer.dataDir, 'controller-config.yaml');
  const { data } = await apiServer.admin.get<{ data: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${name}`,
  );
  await writeFile(config, data['config.yaml'] ?? '');
  const env = container.env.flatMap((entry) =>
    entry.value === undefined ? [] : [[entry.name, entry.value] as const],
  );
  const start = (replica: number): Promise<Service> =>
    startProgram({
      name: `controller-${replica}`,
      mode: 'controller',
      args: [
        ...container.args
          .slice(1)
          .map((flag) => (flag.startsWith(configFlag) ? `${configFlag}${config}` : flag)),
        `--kubeconfig=${kubeconfig}`,
        `--prometheus.url=${options.prometheusUrl}`,
        `--lease.namespace=${namespace}`,
      ],
      env: Object.fromEntries(env),
    });
  const controllers: Service[] = [];
  try {
    for (let replica = 0; replica < replicas; replica += 1) controllers.push(await start(replica));
    return controllers;
  } catch (error) {
    for (const controller of controllers) await controller.stop();
    throw error;
  }
}

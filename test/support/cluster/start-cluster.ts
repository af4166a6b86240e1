import { join } from 'node:path';
import { serviceAccountUser, type ApiServer } from '../apiserver.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { kubectl } from '../kubectl.ts';
import { scrapeConfig, startPrometheus, type Prometheus } from '../prometheus.ts';
import type { Service } from '../service.ts';
import type { NodePlan } from './expected.ts';
import { nodeObject } from './node-object.ts';
import { startProgram } from '../program.ts';
import { replayedNode } from './replayed-node.ts';
import { simulatedNode } from './simulated-node.ts';
import { standinNode } from './standin-node.ts';

export const namespace = 'gpu-profiler';
const controllerUser = serviceAccountUser(namespace, 'gpu-profiler-controller');
const manifest = join(import.meta.dirname, '..', '..', '..', 'manifests', 'gpu-profiler.yaml');

export interface ClusterOptions {
  /** Told what is being started. */
  readonly progress: (line: string) => void;
  /** Families that the collectors publish; default both. */
  readonly dialects?: readonly ('native' | 'dcgm')[];
  readonly scrapeInterval?: string;
  readonly controllers?: number;
  /** Added to the flags of each controller. */
  readonly controllerArgs?: readonly string[];
}

export interface Cluster {
  readonly nodes: readonly NodePlan[];
  readonly apiServer: ApiServer;
  readonly prometheus: Prometheus;
  readonly collectors: readonly Service[];
  readonly controllers: readonly Service[];
  /** The administrator's, for kubectl. */
  readonly kubeconfig: string;
  startController(): Promise<Service>;
  stop(): Promise<void>;
}

/** etcd, API server, Prometheus, a collector per node and controllers with just the rights of the manifest. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  const add = async <Part extends { stop(): Promise<void> }>(
    what: string,
    starting: () => Promise<Part>,
  ): Promise<Part> => {
    options.progress(`starting ${what}`);
    const part = await starting();
    started.push(part);
    return part;
  };
  try {
    const standin = await standinNode('node-nvml');
    started.push({ stop: () => standin.remove() });
    const nodes = planNodes(standin);
    const controlPlane = await add('etcd and kube-apiserver', () =>
      startControlPlane({ users: [controllerUser] }),
    );
    await registerNodes(controlPlane, nodes);
    const collectors: Service[] = [];
    for (const node of nodes) {
      collectors.push(
        await add(`the collector of ${node.name}`, () => startCollector(node, options)),
      );
    }
    const prometheus = await add('Prometheus', () =>
      startPrometheus({
        config: scrapeConfig(
          { 'gpu-profiler-collector': collectors.map(({ url }) => new URL(url).host) },
          { scrape: options.scrapeInterval ?? '1s' },
        ),
      }),
    );
    const kubeconfig = await controlPlane.apiServer.writeKubeconfig(controllerUser.name);
    const startController = (): Promise<Service> =>
      add('a controller', () =>
        startProgram({
          name: 'controller',
          mode: 'controller',
          args: [
            `--prometheus.url=${prometheus.url}`,
            `--kubeconfig=${kubeconfig}`,
            `--lease.namespace=${namespace}`,
            ...(options.controllerArgs ?? []),
          ],
        }),
      );
    const controllers: Service[] = [];
    for (let i = 0; i < (options.controllers ?? 2); i += 1)
      controllers.push(await startController());
    return {
      nodes,
      apiServer: controlPlane.apiServer,
      prometheus,
      collectors,
      controllers,
      kubeconfig: await controlPlane.apiServer.writeKubeconfig(),
      startController,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function planNodes(standin: NodePlan): NodePlan[] {
  const replayed = replayedNode('node-replay');
  return [standin, ...(replayed === undefined ? [] : [replayed]), simulatedNode('node-simulated')];
}

/** Rights come from the manifest that users apply, so that a missing rule shows here. */
async function registerNodes(
  { apiServer }: ControlPlane,
  nodes: readonly NodePlan[],
): Promise<void> {
  await kubectl(apiServer, ['apply', '-f', manifest]);
  for (const node of nodes) {
    await apiServer.admin.create('/api/v1/nodes', nodeObject(node.name, node.gpus.length));
  }
}

function startCollector(node: NodePlan, options: ClusterOptions): Promise<Service> {
  return startProgram({
    name: `collector-${node.name}`,
    mode: 'collector',
    args: [
      `--node-name=${node.name}`,
      `--metrics.dialects=${(options.dialects ?? ['native', 'dcgm']).join(',')}`,
      ...node.args,
    ],
    ...(node.env === undefined ? {} : { env: node.env }),
  });
}

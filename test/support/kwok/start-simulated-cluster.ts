import { startApiServer, type ApiServer } from '../apiserver.ts';
import { startControllerManager } from '../controller-manager.ts';
import { startEtcd } from '../etcd.ts';
import { startScheduler } from '../scheduler.ts';
import type { Service } from '../service.ts';
import { startKwok } from './start-kwok.ts';

/** The whole control plane of Kubernetes in front of nodes that kwok simulates. */
export interface SimulatedCluster {
  readonly apiServer: ApiServer;
  /** In the order of their start. */
  readonly parts: readonly Service[];
  stop(): Promise<void>;
}

/** Their own limits (20 and 50 requests a second) would make a rollout to 1,000 nodes last minutes. */
const clientRates = ['--kube-api-qps=1000', '--kube-api-burst=2000'];

/** Nodes are created Ready; closing each until kube-controller-manager has looked at it takes longer than the rollout. */
const apiServerArgs = ['--disable-admission-plugins=TaintNodesByCondition'];

/** etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok, without a node; about 10 s on two cores. */
export async function startSimulatedCluster(): Promise<SimulatedCluster> {
  const parts: Service[] = [];
  const add = async <Part extends Service>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    parts.push(part);
    return part;
  };
  const stop = async (): Promise<void> => {
    for (const part of parts.toReversed()) await part.stop();
  };
  try {
    const etcd = await add(startEtcd());
    const apiServer = await add(startApiServer({ etcdUrl: etcd.url, extraArgs: apiServerArgs }));
    await add(
      startControllerManager(apiServer, [
        ...clientRates,
        // Nobody sends heartbeats.
        '--node-monitor-grace-period=24h',
      ]),
    );
    await add(startScheduler(apiServer, clientRates));
    await add(startKwok(apiServer));
    return { apiServer, parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

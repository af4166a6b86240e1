import { startDevicePlugin } from '../../device-plugin/device-plugin.ts';
import { startApiServer, type ApiServer } from '../../apiserver.ts';
import { startControllerManager } from '../../controller-manager.ts';
import { startEtcd } from '../../etcd.ts';
import { startScheduler } from '../../scheduler.ts';
import type { Service } from '../../service.ts';
import { waitUntil } from '../../wait-until.ts';
import type { NodeService, ReadyInfo } from '../control-channel.ts';
import { addresses, type NodePlan } from '../plan.ts';
import { importImage, startContainerd } from './containerd.ts';
import { startClusterDns } from './cluster-dns.ts';
import { FaultyApi } from './faulty-api.ts';
import { startKubelet } from './kubelet.ts';
import { startKubeProxy } from './kube-proxy.ts';
import { setUpNetwork } from './network.ts';

export interface RunningNode {
  readonly info: ReadyInfo;
  restart(service: NodeService): Promise<void>;
  readonly faultyApi: FaultyApi;
}

const proxyUser = { name: 'system:kube-proxy' };

/** Starts everything in the order in which one needs the other; ready when the node says so. */
export async function startNode(plan: NodePlan, say: (line: string) => void): Promise<RunningNode> {
  const nodeUser = { name: `system:node:${plan.nodeName}`, groups: ['system:nodes'] };
  await setUpNetwork();
  say('etcd and kube-apiserver');
  const etcd = await startEtcd();
  const apiServer = await startApiServer({
    etcdUrl: etcd.url,
    users: [nodeUser, proxyUser],
    port: plan.apiPort,
    advertiseAddress: addresses.node,
    extraArgs: [
      '--enable-admission-plugins=NodeRestriction',
      '--kubelet-preferred-address-types=InternalIP',
    ],
  });
  say('kube-controller-manager, kube-scheduler and containerd');
  const [scheduler, containerd] = await Promise.all([
    startScheduler(apiServer),
    startContainerd(plan),
    startControllerManager(apiServer),
  ]);
  await importImage(plan, plan.pauseArchive);
  say('kubelet, kube-proxy and CoreDNS');
  const [kubelet] = await Promise.all([
    startKubelet(plan, await apiServer.writeKubeconfig(nodeUser.name)),
    startKubeProxy(await apiServer.writeKubeconfig(proxyUser.name)),
    startClusterDns(apiServer),
  ]);
  const plugin = await startDevicePlugin({
    resource: 'nvidia.com/gpu',
    devices: plan.gpuUuids,
    folder: '/var/lib/kubelet/device-plugins',
  });
  await nodeReady(apiServer, plan);
  const services: Record<NodeService, Service> = {
    kubelet,
    containerd,
    'kube-apiserver': apiServer,
    'kube-scheduler': scheduler,
  };
  return {
    info: readyInfo(apiServer),
    restart: async (name) => {
      const offered = plugin.timesOffered();
      await services[name].halt();
      await services[name].start();
      if (name !== 'kubelet') return;
      // The Node still says what it had: a pod that came before the devices are back would be refused for good.
      await waitUntil(() => plugin.timesOffered() > offered, {
        what: 'the kubelet knows the devices again',
        timeoutMs: 60_000,
      });
      await nodeReady(apiServer, plan);
    },
    faultyApi: new FaultyApi(apiServer),
  };
}

function readyInfo(apiServer: ApiServer): ReadyInfo {
  return { ...apiServer.accessOf('test-admin'), auditLog: apiServer.auditLog };
}

interface NodeStatus {
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly allocatable?: Readonly<Record<string, string>>;
  };
}

async function nodeReady(apiServer: ApiServer, plan: NodePlan): Promise<void> {
  let seen = '';
  await waitUntil(
    async () => {
      const { status } = await apiServer.admin.get<NodeStatus>(`/api/v1/nodes/${plan.nodeName}`);
      seen = JSON.stringify(status.conditions);
      const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
      return ready && Number(status.allocatable?.['nvidia.com/gpu']) === plan.gpuUuids.length;
    },
    { what: `node ${plan.nodeName} ready`, timeoutMs: 120_000, context: () => seen },
  );
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPart } from '../../parts/find-part.ts';
import { answersOk, makeDataDir, Service, startService } from '../../service.ts';
import { addresses, type NodePlan } from '../plan.ts';
import { containerdSocket } from './containerd.ts';

/** The real kubelet in its usual folder, /var/lib/kubelet, which is the namespace's own. */
export async function startKubelet(plan: NodePlan, kubeconfig: string): Promise<Service> {
  const dataDir = await makeDataDir('kubelet');
  const config = join(dataDir, 'config.json');
  writeFileSync(config, JSON.stringify(configuration, null, 2));
  const url = 'http://127.0.0.1:10248';
  return startService(
    new Service({
      name: 'kubelet',
      url,
      command: await findPart('kubelet'),
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--config=${config}`,
        '--root-dir=/var/lib/kubelet',
        `--cert-dir=${join(dataDir, 'certs')}`,
        `--hostname-override=${plan.nodeName}`,
        `--node-ip=${addresses.node}`,
        // What GPU feature discovery would say.
        '--node-labels=nvidia.com/gpu.present=true',
        '--v=2',
      ],
      dataDir,
      readyWithinMs: 120_000,
      isReady: () => answersOk(`${url}/healthz`),
    }),
  );
}

const configuration = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  containerRuntimeEndpoint: `unix://${containerdSocket}`,
  cgroupDriver: 'cgroupfs',
  failCgroupV1: false,
  failSwapOn: false,
  cgroupsPerQOS: true,
  enforceNodeAllocatable: [],
  localStorageCapacityIsolation: false,
  // A process without CAP_SYS_RESOURCE cannot lower it.
  oomScoreAdj: 0,
  makeIPTablesUtilChains: false,
  resolvConf: '',
  clusterDNS: [addresses.dns],
  clusterDomain: 'cluster.local',
  // The network is the namespace's own: who reaches the kubelet may use it.
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  // Pods are to be there soon, not politely.
  syncFrequency: '10s',
  nodeStatusUpdateFrequency: '5s',
} as const;

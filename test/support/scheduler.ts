import { join } from 'node:path';
import type { ApiServer } from './apiserver.ts';
import { answersOkOverTls } from './https-health.ts';
import { findPart } from './parts/find-part.ts';
import { freePort } from './port.ts';
import { makeDataDir, Service, startService } from './service.ts';

/** Starts kube-scheduler beside a ready API server. */
export async function startScheduler(
  apiServer: ApiServer,
  extraArgs: readonly string[] = [],
): Promise<Service> {
  const command = await findPart('kube-scheduler');
  const dataDir = await makeDataDir('scheduler');
  const kubeconfig = await apiServer.writeKubeconfig();
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const service = new Service({
    name: 'kube-scheduler',
    url,
    command,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${join(dataDir, 'certs')}`,
      '--leader-elect=false',
      ...extraArgs,
    ],
    dataDir,
    isReady: () => answersOkOverTls(`${url}/healthz`),
  });
  return startService(service);
}

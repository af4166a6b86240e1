import { join } from 'node:path';
import type { ApiServer } from './apiserver.ts';
import { answersOkOverTls } from './https-health.ts';
import { findPart } from './parts/find-part.ts';
import { freePort } from './port.ts';
import { makeDataDir, Service, startService } from './service.ts';

/** Starts a program of the control plane beside a ready API server, as its only instance. */
export async function startCompanion(
  part: 'kube-controller-manager' | 'kube-scheduler',
  apiServer: ApiServer,
  args: readonly string[],
): Promise<Service> {
  const command = await findPart(part);
  const dataDir = await makeDataDir(part);
  const kubeconfig = await apiServer.writeKubeconfig();
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const service = new Service({
    name: part,
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
      ...args,
    ],
    dataDir,
    isReady: () => answersOkOverTls(`${url}/healthz`),
  });
  return startService(service);
}

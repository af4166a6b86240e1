import { join } from 'node:path';
import type { ApiServer } from './apiserver.ts';
import { findPart } from './parts/find-part.ts';
import { freePort } from './port.ts';
import { makeDataDir, Service, startService } from './service.ts';
import { request } from 'node:https';

/** Starts kube-controller-manager beside a ready API server: service accounts, garbage collection, node life cycle. */
export async function startControllerManager(
  apiServer: ApiServer,
  extraArgs: readonly string[] = [],
): Promise<Service> {
  const command = await findPart('kube-controller-manager');
  const dataDir = await makeDataDir('controller-manager');
  const kubeconfig = await apiServer.writeKubeconfig();
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const service = new Service({
    name: 'kube-controller-manager',
    url,
    command,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${join(dataDir, 'certs')}`,
      `--service-account-private-key-file=${apiServer.files.serviceAccountKeyFile}`,
      `--root-ca-file=${apiServer.files.caFile}`,
      '--use-service-account-credentials=true',
      '--leader-elect=false',
      ...extraArgs,
    ],
    dataDir,
    isReady: () => isHealthy(`${url}/healthz`),
  });
  return startService(service);
}

/** Its certificate is its own, made at the start: nothing secret is sent, so nothing is checked. */
function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { rejectUnauthorized: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 2 s')));
    asked.on('error', reject);
    asked.end();
  });
}

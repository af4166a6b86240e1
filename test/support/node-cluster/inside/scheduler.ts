import { join } from 'node:path';
import { answersOkOverTls } from '../../https-health.ts';
import { findPart } from '../../parts/find-part.ts';
import { freePort } from '../../port.ts';
import { makeDataDir, Service, startService } from '../../service.ts';

export async function startScheduler(kubeconfig: string): Promise<Service> {
  const dataDir = await makeDataDir('scheduler');
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  return startService(
    new Service({
      name: 'kube-scheduler',
      url,
      command: await findPart('kube-scheduler'),
      args: [
        `--kubeconfig=${kubeconfig}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--cert-dir=${join(dataDir, 'certs')}`,
        '--leader-elect=false',
      ],
      dataDir,
      isReady: () => answersOkOverTls(`${url}/healthz`),
    }),
  );
}

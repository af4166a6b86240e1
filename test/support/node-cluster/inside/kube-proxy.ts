import { findPart } from '../../parts/find-part.ts';
import { answersOk, makeDataDir, Service, startService } from '../../service.ts';
import { addresses } from '../plan.ts';

/** Makes service addresses and node ports lead to pods, by nftables rules of this network namespace. */
export async function startKubeProxy(kubeconfig: string): Promise<Service> {
  const url = 'http://127.0.0.1:10256';
  return startService(
    new Service({
      name: 'kube-proxy',
      url,
      command: await findPart('kube-proxy'),
      args: [
        `--kubeconfig=${kubeconfig}`,
        '--proxy-mode=nftables',
        `--cluster-cidr=${addresses.pods}`,
        `--healthz-bind-address=${new URL(url).host}`,
        '--metrics-bind-address=127.0.0.1:10249',
        // These are the machine's, not the namespace's: left as they are.
        '--conntrack-max-per-core=0',
        '--conntrack-tcp-timeout-established=0',
        '--conntrack-tcp-timeout-close-wait=0',
      ],
      dataDir: await makeDataDir('kube-proxy'),
      isReady: () => answersOk(`${url}/healthz`),
    }),
  );
}

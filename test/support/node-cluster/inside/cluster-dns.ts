import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from '../../apiserver.ts';
import { findPart } from '../../parts/find-part.ts';
import { answersOk, makeDataDir, Service, startService } from '../../service.ts';
import { addresses } from '../plan.ts';

/** CoreDNS as a process of the node; the service kube-dns leads pods to it. Names outside the cluster have no answer. */
export async function startClusterDns(apiServer: ApiServer): Promise<Service> {
  const dataDir = await makeDataDir('coredns');
  const kubeconfig = await apiServer.writeKubeconfig();
  const corefile = join(dataDir, 'Corefile');
  const lines = [
    '.:53 {',
    `  bind ${addresses.node}`,
    '  errors',
    '  ready 127.0.0.1:8181',
    '  kubernetes cluster.local in-addr.arpa {',
    `    kubeconfig ${kubeconfig} test`,
    '  }',
    '}',
  ];
  writeFileSync(corefile, `${lines.join('\n')}\n`);
  await createService(apiServer);
  const url = 'http://127.0.0.1:8181';
  return startService(
    new Service({
      name: 'coredns',
      url,
      command: await findPart('coredns'),
      args: ['-conf', corefile],
      dataDir,
      isReady: () => answersOk(`${url}/ready`),
    }),
  );
}

async function createService({ admin }: ApiServer): Promise<void> {
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  await admin.create('/api/v1/namespaces/kube-system/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns' },
    // No selector: nobody but us says where it leads.
    spec: { clusterIP: addresses.dns, ports },
  });
  await admin.create('/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kube-dns', labels: { 'kubernetes.io/service-name': 'kube-dns' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [addresses.node] }],
    ports,
  });
}

import { expect, it } from 'vitest';
import { podsOf } from '../../support/chart/pods.ts';
import { render, type KubernetesObject } from '../../support/chart/render.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';

interface NetworkPolicySpec {
  readonly podSelector: object;
  readonly policyTypes: readonly string[];
  readonly ingress: readonly Rule[];
  readonly egress?: readonly Rule[];
}
interface Rule {
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
  readonly from?: readonly object[];
  readonly to?: readonly object[];
}

const selected = (component: string): object => ({
  matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': component }),
});

function policyOf(objects: readonly KubernetesObject[], name: string): NetworkPolicySpec {
  const found = objects.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name,
  );
  if (found === undefined) throw new Error(`no NetworkPolicy ${name}`);
  return found['spec'] as NetworkPolicySpec;
}

const portsOf = (rules: readonly Rule[] = []): number[][] =>
  rules.map(({ ports = [] }) => ports.map(({ port }) => port));

describeWithCluster('network policies', () => {
  it('let the collector be asked on one port and talk to nobody', async () => {
    const spec = policyOf(await render(), 'gpu-profiler-collector');
    expect(spec.podSelector).toEqual(selected('collector'));
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec.ingress).toEqual([{ ports: [{ port: 9876, protocol: 'TCP' }] }]);
    expect(spec.egress).toBeUndefined();
  });

  it('let the controller talk to DNS, the API server and our Prometheus', async () => {
    const spec = policyOf(await render(), 'gpu-profiler-controller');
    expect(portsOf(spec.ingress)).toEqual([[9877]]);
    expect(portsOf(spec.egress)).toEqual([[53, 53, 5353, 5353], [443, 6443], [9090]]);
    expect(spec.egress?.[2]?.to).toEqual([{ podSelector: selected('prometheus') }]);
  });

  it.each([
    ['of any port, where it is yours', {}, [undefined]],
    ['of the named ports', { prometheusPorts: [8080, 9090] }, [8080, 9090]],
  ])('let the controller talk to the Prometheus %s', async (_what, networkPolicy, ports) => {
    const values = { prometheus: { url: 'http://mimir.metrics/prometheus' }, networkPolicy };
    const { egress } = policyOf(await render({ values }), 'gpu-profiler-controller');
    expect(egress?.at(-1)?.to).toBeUndefined();
    expect(egress?.at(-1)?.ports).toEqual(
      ports.map((port) => (port === undefined ? { protocol: 'TCP' } : { port, protocol: 'TCP' })),
    );
  });

  it('let Prometheus reach what it scrapes and the API server, and nothing else', async () => {
    const spec = policyOf(await render(), 'gpu-profiler-prometheus');
    expect(portsOf(spec.ingress)).toEqual([[9090]]);
    expect(portsOf(spec.egress)).toEqual([
      [53, 53, 5353, 5353],
      [443, 6443],
      [9876, 9877, 9400],
    ]);
  });

  it('keep everybody out but whom networkPolicy.from names; our own controller is let in to Prometheus', async () => {
    const from = [{ namespaceSelector: { matchLabels: { team: 'monitoring' } } }];
    const objects = await render({ values: { networkPolicy: { from } } });
    expect(policyOf(objects, 'gpu-profiler-collector').ingress[0]?.from).toEqual([
      ...from,
      { podSelector: selected('prometheus') },
    ]);
    expect(policyOf(objects, 'gpu-profiler-prometheus').ingress[0]?.from).toEqual([
      { podSelector: selected('controller') },
      { podSelector: selected('test') },
      ...from,
    ]);
  });

  it('hold for the pods of the test and of the cleanup too, in a namespace that denies by default', async () => {
    const objects = await render();
    const { podSelector } = policyOf(objects, 'gpu-profiler-controller');
    const { matchExpressions } = podSelector as { matchExpressions: { values: string[] }[] };
    const helped = matchExpressions[0]?.values ?? [];
    const components = podsOf(objects).map(({ labels }) => labels['app.kubernetes.io/component']);
    const others = ['collector', 'prometheus'];
    expect(components).toHaveLength(helped.length + others.length);
    expect(new Set(components)).toEqual(new Set([...helped, ...others]));
  });
});

describeWithCluster('probes of what asks for TLS', () => {
  const probesWith = async (web: object): Promise<unknown[]> => {
    const pods = podsOf(await render({ values: { web: { secretName: 'web', ...web } } }));
    const servers = pods
      .flatMap(({ spec }) => spec.containers)
      .filter(({ args }) => args[0] === 'collector' || args[0] === 'controller');
    return servers
      .flatMap(({ livenessProbe, readinessProbe }) => [livenessProbe, readinessProbe])
      .filter(Boolean);
  };

  it.each([
    ['a password alone', {}, { httpGet: { path: expect.any(String), port: 'metrics' } }],
    [
      'TLS',
      { tls: true },
      { httpGet: { path: expect.any(String), port: 'metrics', scheme: 'HTTPS' } },
    ],
    [
      'certificates of clients',
      { tls: true, clientCertificates: true },
      { tcpSocket: { port: 'metrics' } },
    ],
  ])('%s', async (_what, web, expected) => {
    const probes = await probesWith(web);
    expect(probes).toHaveLength(4);
    for (const probe of probes) expect(probe).toEqual(expect.objectContaining(expected));
  });
});

describeWithCluster('the environment of every pod', () => {
  it('is free of what Services would put into it: GPU_PROFILER_PROMETHEUS_PORT would be taken for an option', async () => {
    const pods = podsOf(await render());
    expect(pods.length).toBeGreaterThan(4);
    for (const { spec } of pods) expect(spec).toMatchObject({ enableServiceLinks: false });
  });
});

describeWithCluster('what the collector sees of its node', () => {
  const hostPaths = async (values: object): Promise<(string | undefined)[]> => {
    const pods = podsOf(await render({ values }));
    const collector = pods.find(({ owner }) => owner.startsWith('DaemonSet/'));
    const volumes = collector?.spec.volumes ?? [];
    const mounts = collector?.spec.containers[0]?.volumeMounts ?? [];
    for (const { name, hostPath } of volumes) {
      if (hostPath === undefined) continue;
      expect(mounts.find((mount) => mount.name === name)).toMatchObject({ readOnly: true });
    }
    return volumes.flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath.path]));
  };

  it.each([
    ['by default', {}, ['/var/lib/kubelet/pod-resources']],
    ['of k0s', { kubeletPath: '/var/lib/k0s/kubelet' }, ['/var/lib/k0s/kubelet/pod-resources']],
    ['without pod resources', { podResources: { enabled: false } }, []],
    [
      'of GKE',
      {
        podResources: { enabled: false },
        driver: { hostPath: '/home/kubernetes/bin/nvidia/lib64' },
      },
      ['/home/kubernetes/bin/nvidia/lib64'],
    ],
  ])('%s', async (_what, collector, expected) => {
    expect(await hostPaths({ collector })).toEqual(expected);
  });

  it('no pod but the collector sees any of it, and none but its own process', async () => {
    const pods = podsOf(await render());
    for (const { spec } of pods) {
      expect(spec).not.toHaveProperty('hostPID');
      expect(spec).not.toHaveProperty('hostNetwork');
    }
    const withFolders = pods.filter(({ spec: { volumes = [] } }) =>
      volumes.some(({ hostPath }) => hostPath !== undefined),
    );
    expect(withFolders.map(({ owner }) => owner)).toEqual(['DaemonSet/gpu-profiler-collector']);
  });
});

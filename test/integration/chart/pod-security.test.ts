import { afterAll, beforeAll, expect, it } from 'vitest';
import { podsOf, type PodOf } from '../../support/chart/pods.ts';
import { render } from '../../support/chart/render.ts';
import { startControlPlane, type ControlPlane } from '../../support/control-plane.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { kubectl } from '../../support/kubectl.ts';

describeWithCluster('Pod Security Standards', () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    // The standards themselves are on by default; accounts are not looked for.
    plane = await startControlPlane({ extraArgs: ['--disable-admission-plugins=ServiceAccount'] });
    for (const level of ['restricted', 'baseline', 'privileged']) {
      await kubectl(plane.apiServer, ['create', 'namespace', level]);
      const label = `pod-security.kubernetes.io/enforce=${level}`;
      await kubectl(plane.apiServer, ['label', 'namespace', level, label]);
    }
  });

  afterAll(async () => {
    await plane?.stop();
  });

  /** What the API server says to a pod in a namespace of a level; `taken` when it takes it. */
  const verdict = async ({ spec }: PodOf, level: string): Promise<string> => {
    const metadata = { name: 'pod', namespace: level };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
    const args = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
    return kubectl(plane.apiServer, args, JSON.stringify(pod)).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
  };

  const podOf = async (owner: string, values: object = {}): Promise<PodOf> => {
    const pods = podsOf(await render({ values }));
    const found = pods.find((pod) => pod.owner === owner);
    if (found === undefined) throw new Error(`no ${owner}`);
    return found;
  };

  const withoutPodResources = { collector: { podResources: { enabled: false } } };

  it.each([
    ['Deployment/gpu-profiler-controller', {}],
    ['Deployment/gpu-profiler-prometheus', {}],
    ['Job/gpu-profiler-cleanup', {}],
    ['Pod/gpu-profiler-test', {}],
    ['DaemonSet/gpu-profiler-collector', withoutPodResources],
  ])('%s meets "restricted"', async (owner, values) => {
    expect(await verdict(await podOf(owner, values), 'restricted')).toBe('taken');
  });

  it('the collector goes beyond "restricted" by one folder of the node and by its user, no more', async () => {
    const collector = await podOf('DaemonSet/gpu-profiler-collector');
    expect(await verdict(collector, 'privileged')).toBe('taken');
    const baseline = await verdict(collector, 'baseline');
    expect(baseline).toMatch(
      /violates PodSecurity "baseline:latest": hostPath volumes \(volume "pod-resources"\)$/,
    );
    const restricted = await verdict(collector, 'restricted');
    expect(restricted.split('violates PodSecurity "restricted:latest": ')[1]).toBe(
      'restricted volume types (volume "pod-resources" uses restricted volume type "hostPath"), ' +
        'runAsNonRoot != true (container "collector" must not set securityContext.runAsNonRoot=false), ' +
        'runAsUser=0 (container "collector" must not set runAsUser=0)',
    );
    expect(collector.spec.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('Prometheus on a port of the node goes beyond "baseline" by that', async () => {
    const pod = await podOf('Deployment/gpu-profiler-prometheus', {
      prometheus: { hostPort: 9090 },
    });
    expect(await verdict(pod, 'privileged')).toBe('taken');
    expect(await verdict(pod, 'baseline')).toMatch(
      /"baseline:latest": hostPort \(container "prometheus" uses hostPort 9090\)$/,
    );
  });

  it('only the collector is without a token, and only it needs none', async () => {
    const tokens = podsOf(await render()).map(({ owner, spec }) => [
      owner.split('/')[0],
      spec.automountServiceAccountToken,
    ]);
    for (const [kind, mounted] of tokens) expect(mounted).toBe(kind !== 'DaemonSet');
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../../support/api-client.ts';
import type { ApiServer } from '../../support/apiserver.ts';
import { canI } from '../../support/chart/can-i.ts';
import { startControlPlane, type ControlPlane } from '../../support/control-plane.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { chart, helm } from '../../support/helm.ts';
import { kubectl } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Two of one name in two namespaces, and a second one in the first of them. */
const releases = [
  { release: 'gpu-profiler', namespace: 'gpu-profiler', controller: 'gpu-profiler-controller' },
  { release: 'gpu-profiler', namespace: 'team-b', controller: 'gpu-profiler-controller' },
  { release: 'spot', namespace: 'gpu-profiler', controller: 'spot-gpu-profiler-controller' },
];
const kinds = [
  'clusterroles,clusterrolebindings,roles,rolebindings',
  'validatingadmissionpolicies,validatingadmissionpolicybindings',
  'daemonsets,deployments,services,configmaps,serviceaccounts,networkpolicies,poddisruptionbudgets',
].join(',');

interface Listed {
  readonly items: readonly {
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly namespace?: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  }[];
}

describeWithCluster('several releases in one cluster', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;

  /** What Helm counts as belonging to a release, by its own annotations. */
  const objectsOf = async (release: string, namespace: string): Promise<string[]> => {
    const text = await kubectl(apiServer, ['get', kinds, '-A', '-o', 'json']);
    const { items } = JSON.parse(text) as Listed;
    const mine = items.filter(
      ({ metadata: { annotations = {} } }) =>
        annotations['meta.helm.sh/release-name'] === release &&
        annotations['meta.helm.sh/release-namespace'] === namespace,
    );
    return mine.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`);
  };

  beforeAll(async () => {
    plane = await startControlPlane();
    ({ apiServer } = plane);
    for (const { release, namespace } of releases) {
      const args = ['install', release, chart, `--namespace=${namespace}`, '--create-namespace'];
      await helm(apiServer, args);
    }
  });

  afterAll(async () => {
    await plane?.stop();
  });

  it("each has the same number of objects, none of them another's", async () => {
    const found = await Promise.all(
      releases.map(({ release, namespace }) => objectsOf(release, namespace)),
    );
    const [first = []] = found;
    expect(first.length).toBeGreaterThan(25);
    for (const objects of found) expect(objects).toHaveLength(first.length);
    expect(new Set(found.flat()).size).toBe(found.flat().length);
  });

  it.each(releases)(
    '$release in $namespace: its controller has its own Lease only',
    async (one) => {
      const { namespace, controller } = one;
      for (const other of releases) {
        const what = `update leases.coordination.k8s.io/${other.controller} -n ${other.namespace}`;
        const answer = await canI(apiServer, `${namespace}:${controller}`, what);
        expect(answer).toBe(one === other ? 'yes' : 'no');
      }
    },
  );

  it.each(releases)(
    '$release in $namespace: its controller is held by its own policy',
    async (one) => {
      await apiServer.admin.create('/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `node-of-${one.release}-${one.namespace}` },
      });
      const args = ['create', 'token', one.controller, `--namespace=${one.namespace}`];
      const token = (await kubectl(apiServer, args)).trim();
      const client = new ApiClient({ ...apiServer.accessOf('test-admin'), token });
      const path = `/api/v1/nodes/node-of-${one.release}-${one.namespace}`;
      const forged = { metadata: { labels: { forged: String(Date.now()) } } };
      const denial = await waitUntil(
        async () => {
          const type = 'application/merge-patch+json';
          const { status, body } = await client.send('PATCH', path, forged, type);
          return status === 403 ? body : undefined;
        },
        { what: 'the policy to take effect', timeoutMs: 120_000 },
      );
      const { namespace, controller } = one;
      const policy =
        namespace === 'gpu-profiler' && one.release === namespace
          ? controller
          : `${controller}.${namespace}`;
      expect(denial).toMatchObject({ message: expect.stringContaining(`'${policy}'`) });
    },
  );

  it('an upgrade with other values and one back leave the others as they are', async () => {
    const before = await objectsOf('spot', 'gpu-profiler');
    const base = ['upgrade', 'gpu-profiler', chart, '--namespace=team-b'];
    await helm(apiServer, [...base, '--set=networkPolicy.enabled=false']);
    expect(await objectsOf('gpu-profiler', 'team-b')).not.toContain(
      'NetworkPolicy team-b gpu-profiler-collector',
    );
    await helm(apiServer, ['rollback', 'gpu-profiler', '1', '--namespace=team-b']);
    expect(await objectsOf('gpu-profiler', 'team-b')).toContain(
      'NetworkPolicy team-b gpu-profiler-collector',
    );
    expect(await objectsOf('spot', 'gpu-profiler')).toEqual(before);
  });

  it('one is uninstalled: nothing of it is left, and everything of the others', async () => {
    const others = [releases[1], releases[2]];
    const listed = (): Promise<string[][]> =>
      Promise.all(others.map((one) => objectsOf(one?.release ?? '', one?.namespace ?? '')));
    const before = await listed();
    // Nothing runs here, so the hook could not either; test/cluster has it.
    await helm(apiServer, ['uninstall', 'gpu-profiler', '--namespace=gpu-profiler', '--no-hooks']);
    expect(await objectsOf('gpu-profiler', 'gpu-profiler')).toEqual([]);
    expect(await listed()).toEqual(before);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  domain,
  ownedKey,
  profileKey,
  staticKey,
} from '../../../src/controller/annotation-keys.ts';
import { ApiClient, type ApiAnswer } from '../../support/api-client.ts';
import type { ApiServer } from '../../support/apiserver.ts';
import { renderText } from '../../support/chart/render.ts';
import { startControlPlane, type ControlPlane } from '../../support/control-plane.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { kubectl } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';

const namespace = 'gpu-profiler';
const path = '/api/v1/nodes/gpu-1';
const merge = 'application/merge-patch+json';
const foreignKey = 'scheduler.example/load';
const sharedKey = `${domain}/other-tool`;
const jobType = `${domain}/GPU-0-job-type`;
const taint = { key: 'forged', value: 'x', effect: 'NoSchedule' };

const annotations = (values: Record<string, string | null>): object => ({
  metadata: { annotations: values },
});

describeWithCluster('the admission policy of the chart', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;
  let controller: ApiClient;
  let cleanup: ApiClient;
  let somebodyElse: ApiClient;

  const patchNode = (who: ApiClient, body: object, type = merge): Promise<ApiAnswer> =>
    who.send('PATCH', path, body, type);

  /** With its own token, as a pod of the account has it. */
  const clientOf = async (account: string): Promise<ApiClient> => {
    const args = ['create', 'token', account, `--namespace=${namespace}`];
    const token = (await kubectl(apiServer, args)).trim();
    return new ApiClient({ ...apiServer.accessOf('test-admin'), token });
  };

  beforeAll(async () => {
    plane = await startControlPlane();
    ({ apiServer } = plane);
    await kubectl(apiServer, ['create', 'namespace', namespace]);
    await kubectl(apiServer, ['create', 'serviceaccount', 'somebody-else', '-n', namespace]);
    await kubectl(apiServer, ['apply', '-f', '-'], await renderText());
    // More than the chart gives, so that the policy alone stands in the way.
    const resources = '--resource=nodes,nodes/status,nodes/finalizers';
    await kubectl(apiServer, ['create', 'clusterrole', 'all-of-nodes', '--verb=*', resources]);
    const accounts = ['gpu-profiler-controller', 'gpu-profiler-cleanup', 'somebody-else'];
    const subjects = accounts.map((name) => `--serviceaccount=${namespace}:${name}`);
    const binding = ['create', 'clusterrolebinding', 'too-much', '--clusterrole=all-of-nodes'];
    await kubectl(apiServer, [...binding, ...subjects]);
    controller = await clientOf('gpu-profiler-controller');
    cleanup = await clientOf('gpu-profiler-cleanup');
    somebodyElse = await clientOf('somebody-else');
    await apiServer.admin.create('/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'gpu-1', annotations: { [foreignKey]: '3', [sharedKey]: 'theirs' } },
    });
    let tries = 0;
    await waitUntil(
      async () => {
        // Another value each time: a patch that changes nothing is nobody's business.
        const forged = { metadata: { labels: { forged: `try-${(tries += 1)}` } } };
        return (await patchNode(controller, forged)).status === 403;
      },
      { what: 'the policy to take effect', timeoutMs: 120_000 },
    );
    await apiServer.admin.patch(path, { metadata: { labels: { forged: null } } });
  });

  afterAll(async () => {
    await plane?.stop();
  });

  it('lets the controller write, change and remove each of our keys', async () => {
    const ours = [jobType, `${domain}/GPU-12-mem-util-max`, profileKey, staticKey, ownedKey];
    for (const value of ['one', 'two', null]) {
      const patch = annotations(Object.fromEntries(ours.map((key) => [key, value])));
      expect(await patchNode(controller, patch)).toMatchObject({ status: 200 });
    }
    const { metadata } = await apiServer.admin.get<{ metadata: { annotations: object } }>(path);
    expect(metadata.annotations).toEqual({ [foreignKey]: '3', [sharedKey]: 'theirs' });
  });

  const forgeries: readonly (readonly [what: string, body: object, said: string])[] = [
    ['a label', { metadata: { labels: { forged: 'x' } } }, 'labels'],
    ['a taint', { spec: { taints: [taint] } }, 'taints'],
    ['unschedulable', { spec: { unschedulable: true } }, 'unschedulable'],
    ['a provider', { spec: { providerID: 'forged://x' } }, 'spec'],
    ['a finalizer', { metadata: { finalizers: ['forged.example/x'] } }, 'finalizers'],
    [
      'an owner',
      {
        metadata: {
          ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'forged' }],
        },
      },
      'owner references',
    ],
    ['a new foreign annotation', annotations({ 'forged.example/x': '1' }), 'forged.example/x'],
    ['a changed foreign annotation', annotations({ [foreignKey]: '0' }), foreignKey],
    ['a removed foreign annotation', annotations({ [foreignKey]: null }), foreignKey],
    ['another annotation of the domain', annotations({ [sharedKey]: 'ours' }), sharedKey],
    [
      'a foreign one along with ours',
      annotations({ [jobType]: 'DLT', [foreignKey]: '0' }),
      foreignKey,
    ],
    ['a key that only begins like ours', annotations({ [`${jobType}s`]: 'x' }), `${jobType}s`],
    ['a key that only ends like ours', annotations({ [`not-${jobType}`]: 'x' }), `not-${jobType}`],
    ['too much', annotations({ [profileKey]: 'x'.repeat(70_000) }), '64 KiB'],
  ];

  describe.each([
    { who: 'controller', client: () => controller },
    { who: 'cleanup', client: () => cleanup },
  ])('what a stolen token of the $who cannot do', ({ client }) => {
    it.each(forgeries)('%s, by merge patch', async (_what, body, said) => {
      const { status, body: answer } = await patchNode(client(), body);
      expect(status).toBe(said === '64 KiB' ? 413 : 403);
      expect(answer).toMatchObject({ message: expect.stringContaining(said) });
      expect(answer).toMatchObject({ message: expect.stringContaining('gpu-profiler') });
    });

    it.each([
      [
        'a strategic merge patch',
        'application/strategic-merge-patch+json',
        { spec: { taints: [taint] } },
      ],
      [
        'a JSON patch',
        'application/json-patch+json',
        [{ op: 'add', path: '/spec/taints', value: [taint] }],
      ],
    ])('a taint, by %s', async (_what, type, body) => {
      expect(await patchNode(client(), body, type)).toMatchObject({ status: 403 });
    });

    it('a taint, by server-side apply', async () => {
      const node = {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'gpu-1' },
        spec: { taints: [taint] },
      };
      const query = `${path}?fieldManager=forger&force=true`;
      const answer = await client().send('PATCH', query, node, 'application/apply-patch+yaml');
      expect(answer).toMatchObject({ status: 403 });
    });

    it('a label, by PUT', async () => {
      const node = await apiServer.admin.get<{ metadata: object }>(path);
      const forged = { ...node, metadata: { ...node.metadata, labels: { forged: 'x' } } };
      expect(await client().send('PUT', path, forged)).toMatchObject({ status: 403 });
    });

    it('a status', async () => {
      const body = { status: { capacity: { 'nvidia.com/gpu': '99' } } };
      const answer = await client().send('PATCH', `${path}/status`, body, merge);
      expect(answer).toMatchObject({ status: 403 });
    });
  });

  it("is nobody else's business", async () => {
    const body = {
      metadata: { labels: { pool: 'gpu' }, annotations: { [foreignKey]: '4' } },
      spec: { taints: [taint] },
    };
    for (const client of [somebodyElse, apiServer.admin]) {
      expect(await patchNode(client, body)).toMatchObject({ status: 200 });
    }
  });

  it('lets the cleanup remove what the controller wrote', async () => {
    await controller.patch(path, annotations({ [jobType]: 'DLT', [ownedKey]: 'GPU-0-job-type' }));
    await cleanup.patch(path, annotations({ [jobType]: null, [ownedKey]: null }));
    const { metadata } = await apiServer.admin.get<{ metadata: { annotations: object } }>(path);
    expect(Object.keys(metadata.annotations)).not.toContain(jobType);
  });
});

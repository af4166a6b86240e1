import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { jobTypeKey, ownedKey, profileKey } from '../../src/controller/annotation-keys.ts';
import { serviceAccountUser, type ApiServer } from '../support/apiserver.ts';
import { isWrite, readAuditLog, type AuditEvent } from '../support/audit-log.ts';
import { controllerRules, grant, nodeRules } from '../support/cleanup/cleanup-role.ts';
import {
  allAnnotations,
  createNodes,
  deleteAllNodes,
  foreignKey,
  foreignValue,
  marks,
  numbered,
  ourKeysLeft,
} from '../support/cleanup/marked-nodes.ts';
import { jsonOf, runCleanup, type CleanupRun } from '../support/cleanup/run-cleanup.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { randomFaults, startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { kubectl } from '../support/kubectl.ts';

const cleaner = serviceAccountUser('gpu-profiler', 'cleanup');
const reader = { name: 'reader' };
const nobody = { name: 'nobody' };

describeWithCluster('gpu-profiler cleanup on a real API server', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;
  let proxy: FaultProxy;
  let sinceMs: number;

  const run = async (
    args: readonly string[],
    user: string = cleaner.name,
    stop?: Promise<unknown>,
  ): Promise<CleanupRun> =>
    runCleanup([`--kubeconfig=${await proxy.writeKubeconfig(user)}`, ...args], stop);
  const nodeWrites = async (): Promise<AuditEvent[]> =>
    (await readAuditLog(apiServer.auditLog)).filter(
      (event) =>
        isWrite(event) &&
        event.objectRef?.resource === 'nodes' &&
        event.user.username !== 'test-admin' &&
        Date.parse(event.requestReceivedTimestamp) >= sinceMs,
    );

  beforeAll(async () => {
    plane = await startControlPlane({ users: [cleaner, reader, nobody] });
    apiServer = plane.apiServer;
    await kubectl(apiServer, ['create', 'namespace', 'gpu-profiler']);
    await grant(apiServer, cleaner, nodeRules);
    await grant(apiServer, cleaner, controllerRules, 'gpu-profiler');
    await grant(apiServer, reader, [{ ...nodeRules[0]!, verbs: ['list'] }]);
    proxy = await startFaultProxy(apiServer);
  });
  afterAll(async () => {
    await proxy?.close();
    await plane?.stop();
  });
  beforeEach(() => {
    sinceMs = Date.now();
    proxy.fate = () => 'pass';
    proxy.requests.length = 0;
  });
  afterEach(() => deleteAllNodes(apiServer));

  it('removes what is ours from every node, ready or not, and nothing else', async () => {
    const withoutRecord = marks();
    delete withoutRecord[ownedKey];
    const foreign = { [jobTypeKey(7)]: 'theirs', [foreignKey]: foreignValue };
    await createNodes(apiServer, ['ready'], marks());
    await createNodes(apiServer, ['not-ready'], marks(), false);
    await createNodes(apiServer, ['before-records'], withoutRecord);
    await createNodes(apiServer, ['broken-record'], {
      ...marks(),
      [ownedKey]: 'scheduler-hint,"*"',
    });
    await createNodes(apiServer, ['without-gpu'], foreign);
    await createNodes(apiServer, ['shared'], { ...marks(), ...foreign });
    expect(await kubectl(apiServer, ['get', 'node', 'not-ready'])).toContain('NotReady');

    const dry = await run(['--dry-run']);
    expect(dry).toMatchObject({ code: 1 });
    expect(dry.stdout).toContain(
      'ready: would remove GPU-0-job-type, GPU-0-mem-util-max, GPU-1-job-type, gpu-profile, gpu-profiler-owned, gpu-static',
    );
    expect(dry.stdout).toContain('Would remove 29 keys from 5 of 6 nodes. Nothing was written.');
    expect(await nodeWrites()).toEqual([]);

    const { code, stdout, stderr } = await run([]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('Removed 29 keys from 5 of 6 nodes.');
    expect(stdout).toContain('Nothing of ours is left on any node.');
    expect(stdout).toContain('  shared: GPU-7-job-type\n');
    const now = await allAnnotations(apiServer);
    const hint = { [foreignKey]: foreignValue };
    for (const name of ['ready', 'not-ready', 'before-records', 'broken-record']) {
      expect([name, now.get(name)]).toEqual([name, hint]);
    }
    expect(now.get('without-gpu')).toEqual(foreign);
    expect(now.get('shared')).toEqual(foreign);
    expect(new Set((await nodeWrites()).map(({ objectRef }) => objectRef?.name))).toEqual(
      new Set(['before-records', 'broken-record', 'not-ready', 'ready', 'shared']),
    );

    const again = await run(['--dry-run', '--json']);
    expect(again.code).toBe(0);
    expect(jsonOf(again)).toMatchObject({ clean: true, left: [], others: [{}, {}], nodes: 6 });
  });

  it('gets through 5 % of API errors: 200 nodes, every second one NotReady, among 520', async () => {
    await createNodes(apiServer, numbered('ready', 100), marks());
    await createNodes(apiServer, numbered('not-ready', 100), marks(), false);
    await createNodes(apiServer, numbered('bare', 320), { [foreignKey]: foreignValue });
    proxy.fate = randomFaults(0.05, 4);
    const harmedBefore = proxy.harmed();

    const ended = await run(['--json']);

    const result = jsonOf(ended);
    expect({ ...result, removed: result.removed.length, code: ended.code }).toMatchObject({
      code: 0,
      clean: true,
      verified: true,
      nodes: 520,
      removed: 200,
      left: [],
      others: [],
    });
    expect(await ourKeysLeft(apiServer)).toEqual([]);
    const all = [...(await allAnnotations(apiServer)).values()];
    expect(all.filter((annotations) => annotations[foreignKey] === foreignValue)).toHaveLength(520);
    const lists = proxy.requests.filter(({ method }) => method === 'GET');
    expect(lists.some(({ url }) => url.includes('continue='))).toBe(true);
    const harmed = proxy.harmed() - harmedBefore;
    expect(harmed).toBeGreaterThan(4);
    console.log(
      `cleanup of 200 nodes: ${ended.seconds.toFixed(1)} s, ${harmed} of ${proxy.requests.length} requests harmed`,
    );
  });

  it('says when it is interrupted what is left, and goes on from there', async () => {
    await createNodes(apiServer, numbered('node', 200), marks());
    let patches = 0;
    let tell: () => void = () => undefined;
    const halfWay = new Promise<void>((resolve) => {
      tell = resolve;
    });
    proxy.fate = ({ method }) => {
      if (method === 'PATCH') patches += 1;
      if (patches === 90) tell();
      return 'pass';
    };
    const first = await run(['--json', '--removals-per-second=40'], cleaner.name, halfWay);
    expect(first.code).toBe(1);
    const before = jsonOf(first);
    expect(before).toMatchObject({ clean: false, verified: false });
    expect(before.removed.length).toBeGreaterThan(80);
    expect(before.removed.length + before.left.length).toBe(200);
    expect(new Set(before.left.map(({ reason }) => reason))).toEqual(new Set(['out_of_time']));
    expect(before.left.length).toBeGreaterThan(50);

    const second = await run(['--json', '--removals-per-second=13']);
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(/removing annotations listed=200 toClean=\d+ cleaned=\d+/);
    const after = jsonOf(second);
    const both = [...before.removed, ...after.removed].map(({ node }) => node);
    expect(new Set(both).size).toBe(200);
    expect(await ourKeysLeft(apiServer)).toEqual([]);
    const written = (await nodeWrites()).filter(
      ({ responseStatus }) => responseStatus?.code === 200,
    );
    expect(written).toHaveLength(200);
  });

  it('takes nothing away of what others write meanwhile, and no node for another', async () => {
    await createNodes(apiServer, ['busy', 'deleted', 'replaced'], marks());
    const meanwhile: Record<string, () => Promise<unknown>> = {
      // A controller that still runs writes a key more, and records it.
      busy: () =>
        apiServer.admin.patch('/api/v1/nodes/busy', {
          metadata: {
            annotations: {
              [jobTypeKey(2)]: 'DLT',
              [ownedKey]: `GPU-2-job-type,${marks()[ownedKey]}`,
              'ai.centaurus.io/new': 'theirs',
            },
          },
        }),
      deleted: () => apiServer.admin.delete('/api/v1/nodes/deleted'),
      replaced: async () => {
        await apiServer.admin.delete('/api/v1/nodes/replaced');
        await createNodes(apiServer, ['replaced'], { [profileKey]: 'of another machine' });
      },
    };
    proxy.fate = async ({ method, url }) => {
      const name = /nodes\/([a-z]+)/.exec(url)?.[1] ?? '';
      const act = meanwhile[name];
      if (method !== 'PATCH' || act === undefined) return 'pass' as const;
      delete meanwhile[name];
      await act();
      return 'pass' as const;
    };
    const ended = await run(['--json']);
    expect(ended.code).toBe(0);
    const now = await allAnnotations(apiServer);
    expect(now.get('busy')).toEqual({
      [foreignKey]: foreignValue,
      'ai.centaurus.io/new': 'theirs',
    });
    expect(now.has('deleted')).toBe(false);
    expect(now.get('replaced')).toEqual({ [profileKey]: 'of another machine' });
    expect(jsonOf(ended).removed).toMatchObject([{ node: 'busy' }]);
  });

  it('asks for the right that is missing, with few requests, and says what is left', async () => {
    await createNodes(apiServer, numbered('node', 50), marks());
    const none = await run([], nobody.name);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain("apiGroups: [''], resources: [nodes], verbs: [list]");

    const denied = await run(['--lease.enabled=false'], reader.name);
    expect(denied.code).toBe(1);
    expect(denied.stdout).toContain('LEFT: 300 keys on 50 nodes:');
    expect(denied.stdout).toContain("apiGroups: [''], resources: [nodes], verbs: [patch]");
    expect((await nodeWrites()).length).toBeLessThan(15);
  });

  it('gives up when the time is up and the API server answers nothing good, and says why', async () => {
    await createNodes(apiServer, ['node'], marks());
    proxy.fate = ({ method }) => (method === 'PATCH' ? { status: 503 } : 'pass');
    const ended = await run(['--json', '--timeout=4s']);
    expect(ended.code).toBe(1);
    expect(jsonOf(ended).left).toMatchObject([
      { node: 'node', reason: 'out_of_time', detail: expect.stringContaining('503') as string },
    ]);

    proxy.fate = () => 'drop';
    const away = await run(['--timeout=2s']);
    expect(away).toMatchObject({ code: 1 });
    expect(away.stderr).toContain('No connection to the API server');
  });
});

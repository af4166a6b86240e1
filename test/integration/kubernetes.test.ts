import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOurKey, jobTypeKey } from '../../src/controller/annotation-keys.ts';
import { createClusterAccess } from '../../src/kubernetes/client.ts';
import { createEventRecorder } from '../../src/kubernetes/event-recorder.ts';
import { createLeaderElection, type LeaderElection } from '../../src/kubernetes/leader-election.ts';
import type { LeaderTerm } from '../../src/kubernetes/leader-term.ts';
import { createLeaseStore } from '../../src/kubernetes/lease-store.ts';
import { patchNode } from '../../src/kubernetes/node-patch.ts';
import { createNodeReflector, type NodeReflector } from '../../src/kubernetes/node-reflector.ts';
import { createTransport, type Transport } from '../../src/kubernetes/transport.ts';
import { systemClock as clock } from '../../src/lib/clock.ts';
import { silentLogger as log } from '../../src/lib/logger.ts';
import type { ApiServer } from '../support/apiserver.ts';
import { readAuditLog } from '../support/audit-log.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { kubectl } from '../support/kubectl.ts';
import { waitUntil } from '../support/wait-until.ts';

const nobody = 'system:serviceaccount:default:nobody';
const signal = new AbortController().signal;

describeWithCluster('a real API server', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;
  let transport: Transport;
  const stop = new AbortController();
  const running: Promise<unknown>[] = [];

  const connect = async (user?: string): Promise<Transport> => {
    const kubeconfigFile = await apiServer.writeKubeconfig(user);
    const access = createClusterAccess({ kubeconfigFile, context: null });
    return createTransport({ access, clock, maxSockets: 8, userAgent: 'kubernetes-test' });
  };
  const createNode = async (name: string, annotations: object = {}): Promise<string> => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, annotations } };
    const made = await apiServer.admin.create<{ metadata: { uid: string } }>('/api/v1/nodes', node);
    return made.metadata.uid;
  };
  const startReflector = (selector: string | null = null): NodeReflector => {
    const reflector = createNodeReflector({
      transport,
      clock,
      log,
      keep: isOurKey,
      labelSelector: selector,
    });
    running.push(reflector.run(stop.signal));
    return reflector;
  };

  beforeAll(async () => {
    plane = await startControlPlane({ users: [{ name: nobody }] });
    apiServer = plane.apiServer;
    transport = await connect();
  });

  afterAll(async () => {
    stop.abort();
    await Promise.all(running);
    transport?.close();
    await plane?.stop();
  });

  it('keeps name, uid and our annotations of every node, and follows changes and deletions', async () => {
    await createNode('mirror-1', { [jobTypeKey(0)]: 'DLT', 'ai.centaurus.io/foreign': 'x' });
    const reflector = startReflector();
    expect(await reflector.synced(signal)).toBe(true);
    expect(reflector.nodes().get('mirror-1')?.annotations).toEqual({ [jobTypeKey(0)]: 'DLT' });

    const uid = await createNode('mirror-2');
    await waitUntil(() => reflector.nodes().get('mirror-2')?.uid === uid, {
      what: 'the new node',
      timeoutMs: 5_000,
    });
    await apiServer.admin.delete('/api/v1/nodes/mirror-2');
    await waitUntil(() => !reflector.nodes().has('mirror-2'), {
      what: 'the deletion',
      timeoutMs: 5_000,
    });
    expect(reflector.status().listsTotal).toBe(1);
  });

  it('reads a fleet in pages', async () => {
    const names = Array.from({ length: 520 }, (_, index) => `page-${index}`);
    const metadata = (name: string): object => ({ metadata: { name, labels: { page: 'yes' } } });
    for (const name of names) {
      await apiServer.admin.create('/api/v1/nodes', { ...metadata(name) });
    }
    const reflector = startReflector('page=yes');
    await reflector.synced(signal);
    expect([...reflector.nodes().keys()].sort()).toEqual([...names].sort());
    const lists = (await readAuditLog(apiServer.auditLog)).filter(
      ({ verb, requestURI }) => verb === 'list' && requestURI.includes('page%3Dyes'),
    );
    expect(lists).toHaveLength(2);
    await apiServer.admin.delete('/api/v1/nodes?labelSelector=page%3Dyes');
  });

  it('writes to the node it means and to no other of the same name', async () => {
    const uid = await createNode('guarded', { 'ai.centaurus.io/foreign': 'kept' });
    const annotations = { [jobTypeKey(0)]: 'DLT' };
    const options = { keep: isOurKey, signal };
    const written = await patchNode(transport, { name: 'guarded', uid, annotations }, options);
    expect(written.kind === 'written' && written.node.annotations).toEqual(annotations);

    await apiServer.admin.delete('/api/v1/nodes/guarded');
    expect(await patchNode(transport, { name: 'guarded', uid, annotations }, options)).toEqual({
      kind: 'gone',
    });
    await createNode('guarded');
    expect(await patchNode(transport, { name: 'guarded', uid, annotations }, options)).toEqual({
      kind: 'replaced',
    });
    const now = await apiServer.admin.get<{ metadata: { annotations?: object } }>(
      '/api/v1/nodes/guarded',
    );
    expect(now.metadata.annotations).toBeUndefined();
  });

  it('says which right is missing', async () => {
    const poor = await connect(nobody);
    const patch = patchNode(
      poor,
      { name: 'mirror-1', uid: 'any', annotations: {} },
      { keep: isOurKey, signal },
    );
    await expect(patch).rejects.toMatchObject({
      code: 'forbidden',
      status: 403,
      hint: expect.stringContaining('resources: [nodes], verbs: [patch]') as string,
    });
    poor.close();
  });

  it('notes an Event once and moves its count on', async () => {
    const uid = await createNode('eventful');
    const events = createEventRecorder({
      transport,
      clock,
      log,
      instance: 'test',
      minIntervalMs: 0,
    });
    const about = { apiVersion: 'v1', kind: 'Node', name: 'eventful', uid } as const;
    for (const message of ['GPU 0: idle → cyclic', 'GPU 0: cyclic → idle']) {
      events.note({ about, type: 'Normal', reason: 'GpuPatternChanged', message });
      events.note({ about, type: 'Normal', reason: 'GpuPatternChanged', message });
      await events.flush(signal);
    }
    const list = await apiServer.admin.get<{ items: { count: number; message: string }[] }>(
      '/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Deventful',
    );
    expect(list.items.map(({ count, message }) => [count, message])).toEqual([
      [4, 'GPU 0: cyclic → idle'],
    ]);
    expect(await kubectl(apiServer, ['describe', 'node', 'eventful'])).toContain(
      'GPU 0: cyclic → idle',
    );
  });

  it('goes on watching after the API server was away, without forgetting a node', async () => {
    const reflector = startReflector();
    await reflector.synced(signal);
    const before = reflector.nodes().size;
    let fewest = before;
    const watching = setInterval(() => {
      fewest = Math.min(fewest, reflector.nodes().size);
    }, 5);
    await apiServer.halt();
    await sleep(500);
    await apiServer.start();
    await createNode('after-restart');
    await waitUntil(() => reflector.nodes().has('after-restart'), {
      what: 'a node made after the restart',
      timeoutMs: 30_000,
    });
    clearInterval(watching);
    expect(fewest).toBe(before);
  });

  const elector = (identity: string, name = 'test-lease', durationMs = 3_000): LeaderElection =>
    createLeaderElection({
      store: createLeaseStore({
        transport,
        namespace: 'default',
        name,
        durationMs,
        timeoutMs: 1_000,
      }),
      clock,
      log,
      identity,
      leaseDurationMs: durationMs,
      renewDeadlineMs: 2_000,
      retryPeriodMs: 400,
      annotations: () => ({ left: `by ${identity}` }),
    });

  it('elects one leader, and the next at once when the first gives up', async () => {
    const terms: { who: string; term: LeaderTerm }[] = [];
    const run = (who: string, until: AbortSignal): Promise<void> =>
      elector(who, 'test-lease', 600_000).run(until, async (term) => {
        terms.push({ who, term });
        await clock.sleep(60_000, term.signal);
      });
    const stops = { a: new AbortController(), b: new AbortController() };
    const a = run('a', stops.a.signal);
    await waitUntil(() => terms.length === 1, { what: 'a to lead', timeoutMs: 5_000 });
    const b = run('b', stops.b.signal);
    await sleep(1_500);
    expect(terms).toHaveLength(1);
    stops.a.abort();
    // Given up, not run out: its Lease is good for longer than a test may take.
    await waitUntil(() => terms.length === 2, { what: 'b to lead', timeoutMs: 60_000 });
    expect(terms[1]?.who).toBe('b');
    expect(terms[1]?.term.inherited).toMatchObject({ left: 'by a' });
    expect(terms[0]?.term.mayWrite()).toBe(false);
    stops.b.abort();
    await Promise.all([a, b]);
  });

  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
  const holderOf = async (name: string): Promise<string> =>
    (await apiServer.admin.get<{ spec: { holderIdentity: string } }>(`${leases}/${name}`)).spec
      .holderIdentity;

  it.each([
    ['without anything in it', {}],
    ['with a strange holder', { holderIdentity: ' ', leaseDurationSeconds: 1 }],
    [
      'of somebody who is gone',
      {
        holderIdentity: 'gone',
        leaseDurationSeconds: 1,
        renewTime: '2035-01-01T00:00:00.000000Z',
        acquireTime: '2035-01-01T00:00:00.000000Z',
        leaseTransitions: 7,
      },
    ],
  ])('takes over a Lease %s, and gives it up at the end', async (what, spec) => {
    const name = `lease-${what.replaceAll(' ', '-')}`;
    const apiVersion = 'coordination.k8s.io/v1';
    await apiServer.admin.create(leases, { apiVersion, kind: 'Lease', metadata: { name }, spec });
    const until = new AbortController();
    let led = 0;
    const done = elector('taker', name).run(until.signal, async (term) => {
      led += 1;
      await clock.sleep(60_000, term.signal);
    });
    await waitUntil(() => led === 1, { what: 'the take-over', timeoutMs: 6_000 });
    expect(await holderOf(name)).toBe('taker');
    until.abort();
    await done;
    expect(await holderOf(name)).toBe('');
  });

  it('makes its Lease again when somebody deletes it, and goes on leading', async () => {
    const until = new AbortController();
    let led = 0;
    const done = elector('maker', 'deleted').run(until.signal, async (term) => {
      led += 1;
      await clock.sleep(60_000, term.signal);
    });
    await waitUntil(() => led === 1, { what: 'a term', timeoutMs: 6_000 });
    await apiServer.admin.delete(`${leases}/deleted`);
    await expect.poll(() => holderOf('deleted'), { timeout: 2_000 }).toBe('maker');
    expect(led).toBe(1);
    until.abort();
    await done;
  });

  it('steps down when the API server is away for longer than the renew deadline', async () => {
    const until = new AbortController();
    let term: LeaderTerm | undefined;
    const done = elector('cut-off', 'cut-off').run(until.signal, async (given) => {
      term = given;
      await clock.sleep(60_000, given.signal);
    });
    await waitUntil(() => term !== undefined, { what: 'a term', timeoutMs: 5_000 });
    const first = term;
    expect(first?.mayWrite()).toBe(true);
    await apiServer.halt();
    await waitUntil(() => first?.mayWrite() === false, { what: 'the end', timeoutMs: 5_000 });
    await apiServer.start();
    until.abort();
    await done;
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  isOurKey,
  jobTypeKey,
  profileKey,
  staticKey,
} from '../../src/controller/annotation-keys.ts';
import { parseProfile } from '../../src/controller/annotations/profile.ts';
import { createController, type Controller } from '../../src/controller/controller.ts';
import { readinessProblems } from '../../src/controller/health.ts';
import { createNodeSender } from '../../src/controller/node-sender.ts';
import type { UsageSource } from '../../src/controller/usage-source.ts';
import { createClusterAccess } from '../../src/kubernetes/client.ts';
import { createEventRecorder } from '../../src/kubernetes/event-recorder.ts';
import { createNodeReflector, type NodeReflector } from '../../src/kubernetes/node-reflector.ts';
import { createTransport, type Transport } from '../../src/kubernetes/transport.ts';
import { systemClock as clock } from '../../src/lib/clock.ts';
import { silentLogger as log } from '../../src/lib/logger.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { AnnotatedFleet } from '../support/controller/annotated-fleet.ts';
import { gpusPerNode, steadyFleet } from '../support/controller/steady-fleet.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

const annotationsLimit = 262_144;
const filler = 'example.com/left-behind';

describeWithCluster('a controller and an API server with a fault in between', () => {
  let plane: ControlPlane;
  let proxy: FaultProxy;
  let fleet: AnnotatedFleet;
  let transport: Transport;
  let reflector: NodeReflector;
  let controller: Controller;
  let stop: AbortController;
  let running: Promise<unknown>[];
  const source: UsageSource = { read: (names) => Promise.resolve(steadyFleet(names)) };

  const isWatch = (url: string): boolean => new URL(url, 'http://a').searchParams.has('watch');
  const lists = (): number =>
    proxy.requests.filter(({ url }) => url.startsWith('/api/v1/nodes?') && !isWatch(url)).length;

  beforeAll(async () => {
    plane = await startControlPlane();
    fleet = new AnnotatedFleet(plane.apiServer);
    for (const name of ['node-a', 'node-b', 'node-c']) await fleet.create(name);
  });

  afterAll(async () => {
    await plane?.stop();
  });

  beforeEach(async () => {
    proxy = await startFaultProxy(plane.apiServer);
    transport = createTransport({
      access: createClusterAccess({ kubeconfigFile: await proxy.writeKubeconfig(), context: null }),
      clock,
      maxSockets: 8,
      userAgent: 'faults-test',
    });
    reflector = createNodeReflector({ transport, clock, log, keep: isOurKey, labelSelector: null });
    controller = createController({
      clock,
      log,
      source,
      reflector,
      sender: createNodeSender(transport, reflector, isOurKey),
      events: createEventRecorder({ transport, clock, log, instance: 'test', minIntervalMs: 0 }),
      self: () => null,
      intervalMs: 500,
      ttlMs: 900_000,
      windowMs: 600_000,
      writesPerSecond: 20,
      writesInFlight: 4,
    });
    stop = new AbortController();
    running = [reflector.run(stop.signal)];
  });

  afterEach(async () => {
    stop.abort();
    transport.close();
    await Promise.all(running);
    await proxy.close();
  });

  const lead = (): void => {
    running.push(controller.lead({ signal: stop.signal, mayWrite: () => true, inherited: {} }));
  };
  const unready = (): readonly string[] =>
    readinessProblems({
      controller: controller.status(),
      reflector: reflector.status(),
      election: null,
      intervalMs: 500,
      leaseDurationMs: 15_000,
    }).map(({ code }) => code);
  const said = async (node: string): Promise<string | undefined> =>
    (await fleet.annotations(node))[jobTypeKey(0)];

  it('stays ready while one node may not be written, and forgets it when the node is deleted', async () => {
    await fleet.create('node-held');
    proxy.fate = ({ method, url }) =>
      method === 'PATCH' && url.startsWith('/api/v1/nodes/node-held') ? { status: 403 } : 'pass';
    lead();
    await waitUntil(() => controller.status().writes?.refusedNodes === 1, {
      what: 'a refusal',
      timeoutMs: 20_000,
    });
    await waitUntil(async () => (await said('node-c')) === 'Others', {
      what: 'the other nodes',
      timeoutMs: 20_000,
    });
    await waitUntil(() => controller.status().last !== null, {
      what: 'a cycle',
      timeoutMs: 20_000,
    });
    expect(controller.status().writes?.refusal).toMatchObject({ isGeneral: false });
    expect(unready()).toEqual([]);
    await plane.apiServer.admin.delete('/api/v1/nodes/node-held');
    await waitUntil(() => controller.status().writes?.refusal === null, {
      what: 'no refusal',
      timeoutMs: 20_000,
    });
    expect(controller.status().writes?.refusedNodes).toBe(0);
    expect(unready()).toEqual([]);
  });

  it('is not ready while nothing may be written', async () => {
    for (const name of ['node-a', 'node-b', 'node-c'])
      await fleet.annotate(name, { [jobTypeKey(0)]: null });
    proxy.fate = ({ method, url }) =>
      method === 'PATCH' && url.startsWith('/api/v1/nodes/') ? { status: 403 } : 'pass';
    expect(unready()).not.toContain('nodes_forbidden');
    lead();
    await waitUntil(() => unready().includes('nodes_forbidden'), {
      what: 'unready',
      timeoutMs: 20_000,
    });
  });

  it('asks for no list without a pause when every watch expires as it begins', async () => {
    const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
    proxy.fate = ({ url }) =>
      isWatch(url) ? { stream: [{ type: 'ERROR', object }] } : ('pass' as const);
    await reflector.synced(stop.signal);
    await sleep(12_000);
    // Pauses of 0.25 to 0.5 s, doubled each time: 7 lists at most in 12 s, where there were two a second.
    expect(lists()).toBeLessThanOrEqual(7);
    expect(reflector.status().failuresTotal['gone']).toBeGreaterThan(2);
    await fleet.create('node-late');
    await waitUntil(() => reflector.nodes().has('node-late'), {
      what: 'what a later list brings',
      timeoutMs: 40_000,
    });
    await plane.apiServer.admin.delete('/api/v1/nodes/node-late');
  });

  it('writes job types where the profile does not fit beside the annotations of others', async () => {
    const bytes = (all: Record<string, string>): number =>
      Object.entries(all).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
    const ours = (all: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(all).filter(([key]) => isOurKey(key)));
    const fill = async (spareBytes: number): Promise<void> => {
      const length = annotationsLimit - filler.length - spareBytes;
      await fleet.create('node-full', { [filler]: 'x'.repeat(length) });
    };
    lead();
    await waitUntil(async () => (await said('node-a')) === 'Others', {
      what: 'a node with room',
      timeoutMs: 20_000,
    });
    const {
      [profileKey]: profile,
      [staticKey]: facts,
      ...small
    } = ours(await fleet.annotations('node-a'));
    const withFacts = { ...small, [staticKey]: facts ?? '' };
    for (const { spareBytes, what } of [
      {
        spareBytes: bytes({ ...withFacts, [profileKey]: profile ?? '' }) - 1,
        what: 'details of gpu-profile',
      },
      { spareBytes: bytes(withFacts), what: 'gpu-profile' },
      { spareBytes: bytes(small), what: 'gpu-profile and gpu-static' },
    ]) {
      await fill(spareBytes);
      await waitUntil(async () => (await said('node-full')) === 'Others', {
        what,
        timeoutMs: 20_000,
      });
      const all = await fleet.annotations('node-full');
      expect(bytes(ours(all))).toBeLessThanOrEqual(spareBytes);
      const { entries } = parseProfile(all[profileKey]);
      expect(entries).toHaveLength(what === 'details of gpu-profile' ? gpusPerNode : 0);
      expect(entries.every(({ confidence }) => confidence === undefined)).toBe(true);
      expect(all[staticKey] === undefined).toBe(what === 'gpu-profile and gpu-static');
      expect(all[jobTypeKey(gpusPerNode - 1)]).toBe('Others');
      await waitUntil(
        () =>
          controller
            .status()
            .last?.problems.some(
              ({ code, detail }) =>
                code === 'profile_too_large' && detail.includes(`room for ${what}:`),
            ) === true,
        { what: 'the problem', timeoutMs: 20_000 },
      );
      // Said once, not again in each cycle.
      const written = controller.status().writes?.outcomes['written'];
      await sleep(2_000);
      expect(controller.status().writes?.outcomes['written']).toBe(written);
      const { items } = await plane.apiServer.admin.get<{
        items: { reason: string; message: string; involvedObject: { name: string } }[];
      }>('/api/v1/namespaces/default/events');
      expect(
        items.some(
          ({ reason, message, involvedObject }) =>
            reason === 'GpuProfileTooLarge' &&
            involvedObject.name === 'node-full' &&
            message.includes(`room for ${what}:`),
        ),
      ).toBe(true);
      await plane.apiServer.admin.delete('/api/v1/nodes/node-full');
      await waitUntil(() => !reflector.nodes().has('node-full'), {
        what: 'its end',
        timeoutMs: 20_000,
      });
    }
  });
});

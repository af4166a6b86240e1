import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createClusterAccess } from '../../src/kubernetes/client.ts';
import { createTransport, type Transport } from '../../src/kubernetes/transport.ts';
import { systemClock as clock } from '../../src/lib/clock.ts';
import { serviceAccountUser, type ApiServer } from '../support/apiserver.ts';
import {
  createControllerDeployment,
  podCount,
  type Deployment,
} from '../support/cleanup/controller-deployment.ts';
import { controllerRules, grant, nodeRules } from '../support/cleanup/cleanup-role.ts';
import {
  createNodes,
  deleteAllNodes,
  marks,
  numbered,
  ourKeysLeft,
} from '../support/cleanup/marked-nodes.ts';
import { jsonOf, runCleanup, type CleanupRun } from '../support/cleanup/run-cleanup.ts';
import { startLeader, type StandInLeader } from '../support/cleanup/stand-in-leader.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { startControllerManager } from '../support/controller-manager.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { randomFaults, startFaultProxy } from '../support/fault-proxy.ts';
import { kubectl } from '../support/kubectl.ts';
import type { Service } from '../support/service.ts';
import { waitUntil } from '../support/wait-until.ts';

const namespace = 'gpu-profiler';
const name = 'gpu-profiler-controller';
const cleaner = serviceAccountUser(namespace, 'cleanup');
const poor = { name: 'poor' };
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const stopIt = `--stop-deployment=${namespace}/${name}`;

describeWithCluster('gpu-profiler cleanup and the controller', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;
  let manager: Service;
  let transport: Transport;
  const leading: StandInLeader[] = [];

  const run = async (args: readonly string[], user: string = cleaner.name): Promise<CleanupRun> =>
    runCleanup([`--kubeconfig=${await apiServer.writeKubeconfig(user)}`, ...args]);
  const deployment = (): Promise<Deployment> => apiServer.admin.get(`${deployments}/${name}`);
  const pods = (): Promise<number> => podCount(apiServer.admin, namespace);
  const leaseStatus = async (): Promise<number> =>
    (await apiServer.admin.send('GET', `${leases}/${name}`)).status;

  const createDeployment = (): Promise<void> =>
    createControllerDeployment(apiServer.admin, { namespace, name });
  const lead = async (): Promise<StandInLeader> => {
    const leader = await startLeader(transport, { namespace, name });
    leading.push(leader);
    return leader;
  };

  beforeAll(async () => {
    plane = await startControlPlane({ users: [cleaner, poor] });
    apiServer = plane.apiServer;
    manager = await startControllerManager(apiServer);
    await kubectl(apiServer, ['create', 'namespace', namespace]);
    await grant(apiServer, cleaner, nodeRules);
    await grant(apiServer, cleaner, controllerRules, namespace);
    await grant(apiServer, poor, nodeRules);
    const kubeconfigFile = await apiServer.writeKubeconfig();
    const access = createClusterAccess({ kubeconfigFile, context: null });
    transport = createTransport({ access, clock, maxSockets: 4, userAgent: 'cleanup-test' });
    await waitUntil(
      async () =>
        (
          await apiServer.admin.send(
            'GET',
            `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
          )
        ).status === 200,
      { what: 'the default service account', timeoutMs: 30_000 },
    );
  });
  afterAll(async () => {
    for (const leader of leading) await leader.stop();
    transport?.close();
    await manager?.stop();
    await plane?.stop();
  });
  afterEach(async () => {
    for (const leader of leading.splice(0)) await leader.stop();
    await apiServer.admin.send('DELETE', `${leases}/${name}`);
    await apiServer.admin.send('DELETE', `${deployments}/${name}`);
    await deleteAllNodes(apiServer);
    await waitUntil(async () => (await pods()) === 0, { what: 'no pods', timeoutMs: 30_000 });
  });

  it('stops the Deployment, waits for its pods and its Lease, removes, and takes the Lease away', async () => {
    await createNodes(apiServer, ['node'], marks());
    await createDeployment();
    const leader = await lead();
    // As a pod does: it ends some time after the Deployment was scaled down.
    const ending = waitUntil(async () => (await deployment()).spec.replicas === 0, {
      what: 'the scaling',
      timeoutMs: 20_000,
    }).then(async () => {
      await sleep(3_000);
      const keysWhileLeading = (await ourKeysLeft(apiServer)).length;
      await leader.stop();
      return keysWhileLeading;
    });

    const dry = await run([stopIt, '--dry-run']);
    expect(dry.code).toBe(1);
    expect(dry.stdout).toContain(`Deployment ${namespace}/${name}: would be scaled from 2 to 0.`);
    expect((await deployment()).spec.replicas).toBe(2);

    const ended = await run([stopIt]);
    expect(await ending).toBe(6);
    expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('scaled from 2 to 0; it has no pods any more.');
    expect(ended.stdout).toContain(`Lease ${namespace}/${name}: deleted.`);
    expect(await pods()).toBe(0);
    expect(await leaseStatus()).toBe(404);
    expect(await ourKeysLeft(apiServer)).toEqual([]);

    const again = jsonOf(await run([stopIt, '--json']));
    expect(again).toMatchObject({ clean: true, deployment: { outcome: 'stopped' } });
    expect(again.lease).toMatchObject({ found: 'absent' });
  });

  it('does all of that also where one request in five fails', async () => {
    await createNodes(apiServer, numbered('node', 30), marks());
    await createDeployment();
    const leader = await lead();
    const ending = waitUntil(async () => (await deployment()).spec.replicas === 0, {
      what: 'the scaling',
      timeoutMs: 20_000,
    }).then(() => leader.stop());
    const proxy = await startFaultProxy(apiServer);
    proxy.fate = randomFaults(0.2, 1);
    const kubeconfig = await proxy.writeKubeconfig(cleaner.name);
    const ended = await runCleanup([`--kubeconfig=${kubeconfig}`, stopIt, '--json']);
    const harmed = proxy.harmed();
    await proxy.close();
    await ending;
    expect(jsonOf(ended)).toMatchObject({ clean: true, left: [], problem: null });
    expect(ended.code).toBe(0);
    expect(harmed).toBeGreaterThan(5);
    expect(await ourKeysLeft(apiServer)).toEqual([]);
    expect(await leaseStatus()).toBe(404);
  });

  it('keeps a controller from writing that goes on where no kubelet ends it', async () => {
    await createNodes(apiServer, ['node'], marks());
    await createDeployment();
    const leader = await lead();
    const ended = await run([stopIt, '--json']);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('a controller goes on without a pod');
    expect(jsonOf(ended)).toMatchObject({
      clean: true,
      controllerRunning: false,
      lease: { found: 'fenced', outcome: 'kept' },
    });
    await sleep(2_000);
    expect(leader.term()?.mayWrite()).toBe(false);
    const held = await apiServer.admin.get<{ spec: { holderIdentity: string } }>(
      `${leases}/${name}`,
    );
    expect(held.spec.holderIdentity).toContain('cleanup');

    // Nor does the fence keep a second cleanup waiting.
    const again = await run([stopIt, '--json']);
    expect(again.code).toBe(0);
  });

  it('warns of a controller that runs, and does not call it clean', async () => {
    await createNodes(apiServer, ['node'], marks());
    await lead();
    const args = [`--lease.namespace=${namespace}`];
    const ended = await run(args);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('a controller runs and will write again what is removed');
    expect(ended.stderr).toContain('a-controller');
    expect(ended.stdout).toContain('Removed 6 keys from 1 of 1 node.');
    expect(ended.stdout).toContain('Stop it (--stop-deployment NAMESPACE/NAME)');
    expect(await leaseStatus()).toBe(200);
  });

  it('does not wait for a holder that died longer than its Lease says, also without any node', async () => {
    await apiServer.admin.create(leases, {
      metadata: { name },
      spec: {
        holderIdentity: 'dead',
        leaseDurationSeconds: 3,
        renewTime: '2026-01-01T00:00:00.000000Z',
      },
    });
    const hasty = await run(['--timeout=1500ms', `--lease.namespace=${namespace}`]);
    expect(hasty).toMatchObject({ code: 1 });
    expect(hasty.stderr).toContain('the time was up before anything was removed');
    const ended = await run(['--json', `--lease.namespace=${namespace}`]);
    expect(ended).toMatchObject({ code: 0 });
    expect(jsonOf(ended).lease).toMatchObject({ found: 'expired', outcome: 'deleted' });
    expect(await leaseStatus()).toBe(404);
  });

  it('is content where there is no Deployment, and says so', async () => {
    await createNodes(apiServer, ['node'], marks());
    const ended = await run([stopIt]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain(`Deployment ${namespace}/${name}: there is none.`);
    expect(await ourKeysLeft(apiServer)).toEqual([]);
  });

  it('removes nothing when it may not stop the controller, and names the right', async () => {
    await createNodes(apiServer, ['node'], marks());
    await createDeployment();
    const ended = await run([stopIt], poor.name);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(
      "apiGroups: ['apps'], resources: [deployments/scale], verbs: [get]",
    );
    expect(await ourKeysLeft(apiServer)).toHaveLength(6);
    const asJson = jsonOf(await run([stopIt, '--json'], poor.name));
    expect(asJson).toMatchObject({ clean: false, problem: { code: 'forbidden' } });
  });

  it('does not take part in a tug-of-war over the number of pods', async () => {
    await createNodes(apiServer, ['node'], marks());
    await createDeployment();
    // Without its controllers the Deployment keeps its pods, as when they cannot be ended.
    await manager.halt();
    const scaledUp = waitUntil(async () => (await deployment()).spec.replicas === 0, {
      what: 'the scaling',
      timeoutMs: 20_000,
    }).then(() =>
      kubectl(apiServer, ['-n', namespace, 'scale', 'deployment', name, '--replicas=2']),
    );
    const ended = await run([stopIt]);
    await scaledUp;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('was scaled back to 2');
    expect(await ourKeysLeft(apiServer)).toHaveLength(6);

    const tooLate = await run([stopIt, '--timeout=3s']);
    expect(tooLate.code).toBe(1);
    expect(tooLate.stderr).toContain('have not ended in time');
    await manager.start();
  });
});

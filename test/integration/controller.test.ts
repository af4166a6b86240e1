import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  jobTypeKey,
  memUtilMaxKey,
  ownedKey,
  profileKey,
  staticKey,
} from '../../src/controller/annotation-keys.ts';
import { serviceAccountUser, type ApiServer } from '../support/apiserver.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { AnnotatedFleet } from '../support/controller/annotated-fleet.ts';
import {
  metricOf,
  readinessOf,
  runController,
  startController,
} from '../support/controller/start-controller.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import {
  dcgmText,
  nativeText,
  startPlayedExporter,
  verdictText,
  type PlayedExporter,
  type PlayedGpu,
} from '../support/fake-prometheus/played-exporter.ts';
import { kubectl } from '../support/kubectl.ts';
import { scrapeConfig, startPrometheus, type Prometheus } from '../support/prometheus.ts';
import type { Service } from '../support/service.ts';
import { waitUntil } from '../support/wait-until.ts';

const namespace = 'gpu-profiler';
const account = serviceAccountUser(namespace, 'gpu-profiler-controller');
const nobody = serviceAccountUser('default', 'nobody');
const manifest = join(import.meta.dirname, '..', '..', 'manifests', 'gpu-profiler.yaml');
const foreignKey = 'ai.centaurus.io/scheduler-hint';
const foreign = ' {"odd":  "text"}\t';
const lease = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/gpu-profiler-controller`;
const ttlMs = 20_000;

/** own: our collector with verdicts; dcgm: dcgm-exporter alone, analysed by the controller. */
const played: Record<'own' | 'dcgm', PlayedGpu[]> = {
  own: [0, 1, 2].map((index) => ({
    node: 'node-own',
    index,
    uuid: `GPU-own-${index}`,
    periodMs: 12_500,
  })),
  dcgm: [{ node: 'node-dcgm', index: 0, uuid: 'GPU-dcgm-0', periodMs: 8_000 }],
};

/** The keys that the record names, and those that are there. */
function recorded(annotations: Readonly<Record<string, string>>): Set<string> {
  const names = annotations[ownedKey]?.split(',') ?? [];
  return new Set(names.map((name) => `ai.centaurus.io/${name}`));
}
function written(annotations: Readonly<Record<string, string>>): Set<string> {
  return new Set(Object.keys(annotations).filter((key) => ![foreignKey, ownedKey].includes(key)));
}

describeWithCluster('a controller on a real API server and Prometheus', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;
  let fleet: AnnotatedFleet;
  let exporter: PlayedExporter;
  let prometheus: Prometheus;
  let args: string[];
  const present = { own: played.own };
  const controllers: Service[] = [];

  const start = async (...extra: string[]): Promise<Service> => {
    const controller = await startController([...args, ...extra]);
    controllers.push(controller);
    return controller;
  };
  const leads = async (controller: Service): Promise<boolean> =>
    controller.isRunning && (await metricOf(controller, 'gpu_profiler_controller_leader')) === 1;
  const leader = async (): Promise<Service> => {
    for (const controller of controllers) if (await leads(controller)) return controller;
    throw new Error('nobody leads');
  };
  const all = async (): Promise<Record<string, string>[]> =>
    Promise.all(['node-own', 'node-dcgm', 'node-empty'].map((name) => fleet.annotations(name)));
  const holder = async (): Promise<string> =>
    (await apiServer.admin.get<{ spec: { holderIdentity: string } }>(lease)).spec.holderIdentity;

  beforeAll(async () => {
    plane = await startControlPlane({ users: [account, nobody] });
    apiServer = plane.apiServer;
    fleet = new AnnotatedFleet(apiServer);
    await kubectl(apiServer, ['apply', '-f', manifest]);
    await fleet.create('node-own', { [foreignKey]: foreign });
    await fleet.create('node-dcgm');
    await fleet.create('node-empty');
    exporter = await startPlayedExporter((timeMs) => {
      const own = present.own.map(
        (gpu) => nativeText(gpu, timeMs) + verdictText(gpu, timeMs / 1_000),
      );
      return [...own, ...played.dcgm.map((gpu) => dcgmText(gpu, timeMs))].join('');
    });
    prometheus = await startPrometheus({
      config: scrapeConfig({ played: [exporter.target] }, { scrape: '1s' }),
    });
    args = [
      `--prometheus.url=${prometheus.url}`,
      `--kubeconfig=${await apiServer.writeKubeconfig(account.name)}`,
      `--lease.namespace=${namespace}`,
      '--interval=2s',
      `--ttl=${ttlMs / 1_000}s`,
    ];
    // The series of node-dcgm must hold enough for a verdict.
    await sleep(60_000);
  });

  afterAll(async () => {
    for (const controller of controllers) await controller.stop();
    await prometheus?.stop();
    await exporter?.close();
    await plane?.stop();
  });

  it('--once --dry-run prints the patches and writes nothing', async () => {
    const sinceMs = Date.now();
    const { code, stdout, stderr } = await runController([...args, '--once', '--dry-run']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const patches = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { node: string; patch: { metadata: object } });
    expect(patches.map(({ node }) => node).sort()).toEqual(['node-dcgm', 'node-own']);
    expect(patches.find(({ node }) => node === 'node-own')?.patch).toMatchObject({
      metadata: { uid: expect.any(String) as string, annotations: { [jobTypeKey(0)]: 'DLT' } },
    });
    expect(await fleet.nodeWrites(sinceMs)).toEqual([]);
  });

  it('writes what is said of every GPU, and leaves foreign keys and empty nodes alone', async () => {
    await start();
    await start();
    await waitUntil(
      async () =>
        (await fleet.annotations('node-own'))[staticKey] !== undefined &&
        (await fleet.annotations('node-dcgm'))[jobTypeKey(0)] !== undefined,
      { what: 'annotations', timeoutMs: 30_000 },
    );
    const own = await fleet.annotations('node-own');
    expect(own).toMatchObject({
      [foreignKey]: foreign,
      [jobTypeKey(0)]: 'DLT',
      [jobTypeKey(2)]: 'DLT',
      [memUtilMaxKey(0)]: '19',
      [staticKey]:
        '{"v":1,"count":3,"model":"NVIDIA H100","memoryMiB":81920,"pcieGeneration":5,"pcieWidth":16,"driver":"570.1"}',
    });
    expect(recorded(own)).toEqual(written(own));
    const profile = JSON.parse(own[profileKey] ?? '') as { gpus: object[] };
    expect(profile.gpus[0]).toMatchObject({
      i: 0,
      uuid: 'GPU-own-0',
      pattern: 'cyclic',
      periodSeconds: 12.5,
      simulated: true,
    });
    const dcgm = await fleet.annotations('node-dcgm');
    expect(dcgm[jobTypeKey(0)]).toBe('DLT');
    const analysed = JSON.parse(dcgm[profileKey] ?? '') as { gpus: object[] };
    // Point samples cannot exclude an alias: the pattern is said, the number is not.
    expect(analysed.gpus[0]).toMatchObject({ pattern: 'cyclic', period: 'unresolved' });
    expect(await fleet.annotations('node-empty')).toEqual({});
  });

  it('writes nothing while nothing changes', async () => {
    const before = await all();
    const sinceMs = Date.now();
    await sleep(20_000);
    expect(await fleet.nodeWrites(sinceMs)).toEqual([]);
    expect(await all()).toEqual(before);
  });

  it('restores what somebody deletes or changes', async () => {
    const before = await fleet.annotations('node-own');
    await fleet.annotate('node-own', { [jobTypeKey(0)]: null, [jobTypeKey(1)]: 'Others' });
    await expect
      .poll(() => fleet.annotations('node-own'), { timeout: 10_000, interval: 100 })
      .toEqual(before);
  });

  it('writes to a node that was made anew under the same name', async () => {
    await apiServer.admin.delete('/api/v1/nodes/node-dcgm');
    await fleet.create('node-dcgm');
    await expect
      .poll(() => fleet.annotations('node-dcgm'), { timeout: 15_000, interval: 100 })
      .toMatchObject({ [jobTypeKey(0)]: 'DLT' });
  });

  it('hands over within 18 s when the leader is killed, and rewrites nothing', async () => {
    const before = await all();
    const dead = await leader();
    const holderBefore = await holder();
    const sinceMs = Date.now();
    dead.signal('SIGKILL');
    await waitUntil(async () => (await holder()) !== holderBefore, {
      what: 'another holder',
      timeoutMs: 18_000,
      everyMs: 50,
    });
    console.log(`fail-over after SIGKILL: ${(Date.now() - sinceMs) / 1_000} s`);
    await sleep(5_000);
    expect(await fleet.nodeWrites(sinceMs)).toEqual([]);
    expect(await all()).toEqual(before);
  });

  it('hands over within 3 s on SIGTERM, and rewrites nothing', async () => {
    const other = await start();
    await waitUntil(async () => (await readinessOf(other)).ok, {
      what: 'a stand-by that is ready',
      timeoutMs: 10_000,
    });
    const old = await leader();
    const holderBefore = await holder();
    const sinceMs = Date.now();
    old.signal('SIGTERM');
    await waitUntil(
      async () => {
        const now = await holder();
        return now !== '' && now !== holderBefore;
      },
      { what: 'another holder', timeoutMs: 3_000, everyMs: 20 },
    );
    console.log(`fail-over after SIGTERM: ${(Date.now() - sinceMs) / 1_000} s`);
    expect(await leads(other)).toBe(true);
    await sleep(5_000);
    expect(await fleet.nodeWrites(sinceMs)).toEqual([]);
  });

  it('writes nothing when it thaws after its Lease has gone to another', async () => {
    const frozen = await leader();
    await start();
    frozen.signal('SIGSTOP');
    const holderBefore = await holder();
    await waitUntil(async () => (await holder()) !== holderBefore, {
      what: 'another holder',
      timeoutMs: 18_000,
    });
    const sinceMs = Date.now();
    frozen.signal('SIGCONT');
    await waitUntil(async () => !(await leads(frozen)), { what: 'the end', timeoutMs: 5_000 });
    await sleep(4_000);
    expect(await fleet.nodeWrites(sinceMs)).toEqual([]);
    await frozen.stop();
  });

  it('forgets a GPU that is taken out, once and after the TTL', async () => {
    present.own = played.own.slice(0, 2);
    const sinceMs = Date.now();
    await sleep(ttlMs / 2);
    expect((await fleet.annotations('node-own'))[jobTypeKey(2)]).toBe('DLT');
    await waitUntil(
      async () => (await fleet.annotations('node-own'))[jobTypeKey(2)] === undefined,
      { what: 'GPU 2 forgotten', timeoutMs: ttlMs + 15_000 },
    );
    const now = await fleet.annotations('node-own');
    expect(now[memUtilMaxKey(2)]).toBeUndefined();
    expect(now[staticKey]).toContain('"count":2');
    expect(now[foreignKey]).toBe(foreign);
    expect(recorded(now)).toEqual(written(now));
    expect(now[ownedKey]).not.toContain('GPU-2');
    await sleep(5_000);
    expect(await fleet.nodeWrites(sinceMs, 'node-own')).toHaveLength(1);
  });

  it('keeps everything while Prometheus is away, and says Unknown once after the TTL', async () => {
    const before = await all();
    const controller = await leader();
    const sinceMs = Date.now();
    await prometheus.halt();
    await sleep(ttlMs / 2);
    expect(await all()).toEqual(before);
    expect((await fetch(`${controller.url}/healthz`)).ok).toBe(true);
    const readiness = await readinessOf(controller);
    expect(readiness.ok).toBe(false);
    expect(readiness.problems[0]?.code).toBe('unreachable');
    await waitUntil(
      async () =>
        (await fleet.annotations('node-own'))[jobTypeKey(0)] === 'Unknown' &&
        (await fleet.annotations('node-dcgm'))[jobTypeKey(0)] === 'Unknown',
      { what: 'Unknown', timeoutMs: ttlMs + 10_000 },
    );
    const own = await fleet.annotations('node-own');
    expect(own[memUtilMaxKey(0)]).toBeUndefined();
    expect(own[profileKey]).toContain('"pattern":"unknown"');
    expect(own[staticKey]).toBe(before[0]?.[staticKey]);
    await sleep(5_000);
    expect(await fleet.nodeWrites(sinceMs)).toHaveLength(2);
    expect(controller.isRunning).toBe(true);
    const events = await apiServer.admin.get<{ items: { reason: string }[] }>(
      `/api/v1/namespaces/${namespace}/events`,
    );
    expect(events.items.map(({ reason }) => reason)).toContain('UsageUnavailable');
    const describe = ['-n', namespace, 'describe', 'lease', 'gpu-profiler-controller'];
    expect(await kubectl(apiServer, describe)).toContain('UsageUnavailable');

    await prometheus.start();
    await waitUntil(async () => (await fleet.annotations('node-own'))[jobTypeKey(0)] === 'DLT', {
      what: 'DLT again',
      timeoutMs: 40_000,
    });
  });

  it('without the right to patch says so, and asks no more than once a minute', async () => {
    for (const controller of controllers.splice(0)) await controller.stop();
    await apiServer.admin.create('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      metadata: { name: 'look-only' },
      rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] }],
    });
    await apiServer.admin.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'look-only' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'look-only' },
      subjects: [{ kind: 'User', name: nobody.name, apiGroup: 'rbac.authorization.k8s.io' }],
    });
    await fleet.annotate('node-own', { [jobTypeKey(0)]: null });
    const poor = [
      ...args.filter((arg) => !arg.startsWith('--kubeconfig')),
      `--kubeconfig=${await apiServer.writeKubeconfig(nobody.name)}`,
    ];
    const alone = [...poor.filter((arg) => !arg.startsWith('--lease')), '--lease.enabled=false'];
    const sinceMs = Date.now();
    const controller = await startController(alone);
    controllers.push(controller);
    await waitUntil(
      async () =>
        (await readinessOf(controller)).problems.some(
          ({ code, detail }) => code === 'nodes_forbidden' && detail.includes('verbs: [patch]'),
        ),
      { what: 'the reason in /readyz', timeoutMs: 20_000 },
    );
    await sleep(10_000);
    expect(await fleet.nodeWrites(sinceMs, 'node-own')).toHaveLength(1);
    await controller.stop();

    const once = await runController([...alone, '--once']);
    expect(once.code).toBe(3);
    expect(once.stderr).toContain('verbs: [patch]');
    const elected = await runController([...poor, '--once']);
    expect(elected.code).toBe(1);
    expect(elected.stderr).toContain('resources: [leases]');
  });

  it('says what to do when there is no Prometheus, no cluster, no kubeconfig', async () => {
    const without = (flag: string): string[] => args.filter((arg) => !arg.startsWith(flag));
    const noPrometheus = await runController([
      ...without('--prometheus'),
      '--prometheus.url=http://127.0.0.1:1',
      '--once',
    ]);
    expect(noPrometheus.code).toBe(1);
    expect(noPrometheus.stderr).toContain('127.0.0.1:1');

    const noFile = await runController([
      ...without('--kubeconfig'),
      '--kubeconfig=/does/not/exist',
      '--once',
    ]);
    expect(noFile.code).toBe(1);
    expect(noFile.stderr).toContain('/does/not/exist');
    expect(noFile.stderr).toContain('--kubeconfig');

    const noCluster = await runController([...without('--kubeconfig'), '--once'], {
      KUBECONFIG: '',
      HOME: '/does/not/exist',
    });
    expect(noCluster.code).toBe(1);
    expect(noCluster.stderr).toContain('no Kubernetes cluster is configured');

    await plane.apiServer.halt();
    const away = await runController([...args, '--once']);
    expect(away.code).toBe(1);
    expect(away.stderr).toContain('API server');
  });
});

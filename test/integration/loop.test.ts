import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAuditLog, type AuditEvent } from '../support/audit-log.ts';
import {
  domain,
  faults,
  nodeAnnotations,
  type NodeAnnotations,
} from '../support/cluster/read-annotations.ts';
import { namespace, startCluster, type Cluster } from '../support/cluster/start-cluster.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { kubectl } from '../support/kubectl.ts';
import type { Service } from '../support/service.ts';
import { waitUntil } from '../support/wait-until.ts';

const minuteMs = 60_000;
/**
 * Longer than the outage of Prometheus that must not change anything, by more than the age of a settled verdict (it is
 * looked at every 30 s, and the TTL counts from there).
 */
const ttlMs = 240_000;

/** Every write to a Node by our controllers so far. */
async function nodeWrites(cluster: Cluster): Promise<AuditEvent[]> {
  const events = await readAuditLog(cluster.apiServer.auditLog);
  return events.filter(
    ({ objectRef, verb, user }) =>
      objectRef?.resource === 'nodes' && verb === 'patch' && user.username.includes(namespace),
  );
}

async function allAnnotations(cluster: Cluster): Promise<Record<string, NodeAnnotations>> {
  const all: Record<string, NodeAnnotations> = {};
  for (const { name } of cluster.nodes) all[name] = await nodeAnnotations(cluster.apiServer, name);
  return all;
}

/** Waits until nothing is wrong with any annotation; returns what is (nothing). */
async function untilRight(
  cluster: Cluster,
  periodsPublished: boolean,
  timeoutMs: number,
): Promise<string[]> {
  let wrong: string[] = [];
  await waitUntil(
    async () => {
      const all = await allAnnotations(cluster);
      wrong = cluster.nodes.flatMap((node) =>
        faults(node, all[node.name] ?? {}, { periodsPublished }),
      );
      return wrong.length === 0;
    },
    {
      what: 'every GPU annotated rightly',
      timeoutMs,
      everyMs: 1000,
      context: () => wrong.join('\n'),
    },
  );
  return wrong;
}

/** The holder of the lease, as its identity says it, and how often it has changed hands. */
async function leaseHolder(cluster: Cluster): Promise<string> {
  const lease = await cluster.apiServer.admin.get<{ spec: { holderIdentity?: string } }>(
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/gpu-profiler-controller`,
  );
  return lease.spec.holderIdentity ?? '';
}

async function isLeader(controller: Service): Promise<boolean> {
  if (!controller.isRunning) return false;
  const text = await (await fetch(`${controller.url}/metrics`)).text();
  return /^gpu_profiler_controller_leader(\{[^}]*\})? 1$/m.test(text);
}

async function leaderOf(controllers: readonly Service[]): Promise<Service> {
  for (const controller of controllers) if (await isLeader(controller)) return controller;
  throw new Error('no controller leads');
}

describeWithCluster('the whole loop on real parts', () => {
  let cluster: Cluster;
  const controllers: Service[] = [];

  beforeAll(async () => {
    cluster = await startCluster({
      progress: () => undefined,
      controllerArgs: ['--interval=5s', `--ttl=${ttlMs / 1000}s`],
    });
    controllers.push(...cluster.controllers);
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  it(
    'annotates every GPU of three nodes rightly within 4 minutes, periods within 5 %',
    async () => {
      await untilRight(cluster, true, 4 * minuteMs);
      const described = await kubectl(cluster.apiServer, ['describe', 'node']);
      for (const node of cluster.nodes) {
        expect(described).toContain(node.name);
        for (const [index, gpu] of node.gpus.entries()) {
          expect(described).toContain(`${domain}GPU-${index}-job-type: ${gpu.jobType}`);
        }
      }
      expect(described).toContain(`${domain}scheduler-hint: not ours`);
      expect(described).toContain(`${domain}GPU-3-mem-util-max: 61`);
    },
    5 * minuteMs,
  );

  it(
    'writes nothing in two minutes in which nothing changes',
    async () => {
      // The first verdicts may still be settling (a period that becomes exact), so give them a little time.
      await sleep(60_000);
      const before = await nodeWrites(cluster);
      await sleep(2 * minuteMs);
      const written = (await nodeWrites(cluster)).slice(before.length);
      expect(
        written.map(({ objectRef, requestReceivedTimestamp }) => [
          objectRef?.name,
          requestReceivedTimestamp,
        ]),
      ).toEqual([]);
    },
    4 * minuteMs,
  );

  it(
    'fails over within 18 s after SIGKILL and within 3 s after SIGTERM, and rewrites nothing',
    async () => {
      const before = await nodeWrites(cluster);
      const first = await leaderOf(controllers);
      const firstHolder = await leaseHolder(cluster);
      const rest = controllers.filter((controller) => controller !== first);
      first.signal('SIGKILL');
      const killedMs = Date.now();
      await waitUntil(async () => rest.length > 0 && (await isLeader(rest[0] as Service)), {
        what: 'the other controller leads',
        timeoutMs: 18_000,
        everyMs: 50,
      });
      const killSeconds = (Date.now() - killedMs) / 1000;
      expect(await leaseHolder(cluster)).not.toBe(firstHolder);

      const third = await cluster.startController();
      // It must be standing by before the leader goes.
      await sleep(4_000);
      const second = await leaderOf(rest);
      second.signal('SIGTERM');
      const endedMs = Date.now();
      await waitUntil(() => isLeader(third), {
        what: 'the third controller leads',
        timeoutMs: 3_000,
        everyMs: 50,
      });
      const termSeconds = (Date.now() - endedMs) / 1000;
      controllers.splice(0, controllers.length, third, await cluster.startController());
      console.log(`took over ${killSeconds} s after SIGKILL, ${termSeconds} s after SIGTERM`);
      // Two cycles of the new leader.
      await sleep(12_000);
      expect((await nodeWrites(cluster)).slice(before.length)).toEqual([]);
    },
    2 * minuteMs,
  );

  it(
    'keeps every annotation while Prometheus is away for 3 minutes, says why, then Unknown once',
    async () => {
      const before = await allAnnotations(cluster);
      const leader = await leaderOf(controllers);
      await cluster.prometheus.halt();
      await sleep(3 * minuteMs);
      expect(await allAnnotations(cluster)).toEqual(before);
      expect(leader.isRunning).toBe(true);
      const ready = await fetch(`${leader.url}/readyz`);
      expect(await ready.text()).toMatch(/prometheus/i);
      expect(ready.status).toBe(503);
      expect((await fetch(`${leader.url}/healthz`)).status).toBe(200);

      const writesBefore = await nodeWrites(cluster);
      await waitUntil(
        async () => {
          const all = await allAnnotations(cluster);
          return cluster.nodes.every(({ name, gpus }) =>
            gpus.every((_, index) => all[name]?.[`${domain}GPU-${index}-job-type`] === 'Unknown'),
          );
        },
        { what: 'every job type Unknown', timeoutMs: 2 * minuteMs, everyMs: 1000 },
      );
      // Once: nothing more in further cycles.
      await sleep(15_000);
      const written = (await nodeWrites(cluster)).slice(writesBefore.length);
      // At most once per GPU: their newest samples, and so their TTLs, may fall into different cycles.
      for (const { name, gpus } of cluster.nodes) {
        const ofNode = written.filter(({ objectRef }) => objectRef?.name === name);
        expect(ofNode.length).toBeLessThanOrEqual(gpus.length);
      }
      expect(JSON.stringify(await allAnnotations(cluster))).not.toContain('mem-util-max');
    },
    7 * minuteMs,
  );

  it(
    'says what is true again when Prometheus is back',
    async () => {
      await cluster.prometheus.start();
      expect(await untilRight(cluster, true, 2 * minuteMs)).toEqual([]);
    },
    3 * minuteMs,
  );
});

describeWithCluster('the loop on the dcgm dialect alone', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster({
      progress: () => undefined,
      dialects: ['dcgm'],
      controllers: 1,
      controllerArgs: ['--interval=5s'],
    });
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  it(
    'gives every GPU the same job type; a period from point samples alone is never published',
    async () => {
      await untilRight(cluster, false, 4 * minuteMs);
      const all = await allAnnotations(cluster);
      for (const { name } of cluster.nodes) {
        const profile = all[name]?.[`${domain}gpu-profile`] ?? '';
        expect(profile).not.toMatch(/"periodSeconds":\d/);
      }
      // The square wave of memory-copy utilisation reaches 61 % on both cyclic GPUs of this node.
      for (const index of [0, 3]) {
        const memUtilMax = Number(all['node-nvml']?.[`${domain}GPU-${index}-mem-util-max`]);
        expect(Math.abs(memUtilMax - 61)).toBeLessThanOrEqual(2);
      }
      const text = await (await fetch(`${cluster.collectors[0]?.url}/metrics`)).text();
      expect(text).toContain('DCGM_FI_DEV_GPU_UTIL');
      expect(text).not.toMatch(/^gpu_utilization/m);
    },
    5 * minuteMs,
  );
});

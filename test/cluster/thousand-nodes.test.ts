import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { chart, helm } from '../support/helm.ts';
import { Figures } from '../support/kwok/figures.ts';
import { InstalledFleet } from '../support/kwok/installed-fleet.ts';
import { startInstalledControllers } from '../support/kwok/installed-controllers.ts';
import { startInstalledPrometheus } from '../support/kwok/installed-prometheus.ts';
import { playJob } from '../support/kwok/play-job.ts';
import { usageOf } from '../support/kwok/process-usage.ts';
import {
  cpuNode,
  createNodes,
  deleteNodes,
  gpuNode,
  gpuNodeName,
} from '../support/kwok/simulated-nodes.ts';
import { startFleet, type Fleet } from '../support/kwok/start-fleet.ts';
import {
  startSimulatedCluster,
  type SimulatedCluster,
} from '../support/kwok/start-simulated-cluster.ts';
import type { Prometheus } from '../support/prometheus.ts';
import type { Service } from '../support/service.ts';

const gpuNodes = 1000;
const cpuNodes = 50;
const namespace = 'gpu-profiler';
const release = 'gpu-profiler';
const minuteMs = 60_000;

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

describeWithCluster(`an installation on ${gpuNodes} GPU nodes`, () => {
  const figures = new Figures(`${gpuNodes} nodes of 8 GPUs`);
  let cluster: SimulatedCluster;
  let fleet: Fleet;
  let installed: InstalledFleet;
  let prometheus: Prometheus | undefined;
  let controllers: Service[] = [];
  /** Indices of the GPU nodes that there are. */
  let present = range(0, gpuNodes);

  beforeAll(async () => {
    fleet = await startFleet();
    cluster = await startSimulatedCluster();
    installed = new InstalledFleet(cluster.apiServer, namespace);
    await figures.time('nodes created', () =>
      createNodes(cluster.apiServer, [
        ...range(0, gpuNodes).map(gpuNode),
        ...range(0, cpuNodes).map(cpuNode),
      ]),
    );
  }, 3 * minuteMs);

  afterAll(async () => {
    figures.print();
    for (const controller of controllers) await controller.stop();
    await prometheus?.stop();
    await fleet?.stop();
    await cluster?.stop();
  }, minuteMs);

  it(
    'rolls collectors out to every GPU node and to no other',
    async () => {
      const { apiServer } = cluster;
      await figures.time('helm install', () =>
        helm(apiServer, [
          'install',
          release,
          chart,
          `--namespace=${namespace}`,
          '--create-namespace',
        ]),
      );
      await figures.time('rollout of the collectors', async () => {
        await installed.rolledOut();
        await installed.collectorsOn(range(0, gpuNodes).map(gpuNodeName), { timeoutMs: minuteMs });
      });
      expect(await installed.collectors()).toBe(gpuNodes);
      for (const part of cluster.parts) await figures.noteProcess(part.name, part.pid);
    },
    5 * minuteMs,
  );

  it('spreads the controllers over nodes and zones, away from the GPUs', async () => {
    const nodes = await installed.nodesOf('controller');

    expect(nodes).toHaveLength(2);
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(2);
    expect(new Set(nodes.map(({ zone }) => zone)).size).toBe(2);
    expect(nodes.map(({ name }) => name).join()).not.toContain('gpu-');
  });

  it(
    'annotates every GPU of every node rightly',
    async () => {
      const { apiServer } = cluster;
      prometheus = await startInstalledPrometheus(apiServer, {
        namespace,
        name: `${release}-prometheus`,
        proxyUrl: fleet.proxyUrl,
      });
      controllers = await startInstalledControllers(apiServer, {
        namespace,
        name: `${release}-controller`,
        prometheusUrl: prometheus.url,
      });
      await figures.time('every GPU annotated after the start of Prometheus and controllers', () =>
        installed.annotated(range(0, gpuNodes), 3 * minuteMs),
      );
      const writes = await installed.nodeWrites();
      figures.note('writes until then', `${writes.length} to ${gpuNodes} nodes`);
      expect(writes.filter(({ responseStatus }) => responseStatus?.code !== 200)).toEqual([]);
    },
    4 * minuteMs,
  );

  it(
    'follows nodes that come, go and are replaced',
    async () => {
      const { apiServer } = cluster;
      const sinceMs = Date.now();
      // The last ten go for good; the ten before them come back as other machines; ten are new.
      await deleteNodes(apiServer, range(gpuNodes - 20, gpuNodes).map(gpuNodeName));
      const came = [...range(gpuNodes - 20, gpuNodes - 10), ...range(gpuNodes, gpuNodes + 10)];
      await createNodes(apiServer, [...came.map(gpuNode), cpuNode(cpuNodes)]);
      present = [...range(0, gpuNodes - 20), ...came];
      await figures.time('collectors on 20 nodes that came', () =>
        installed.collectorsOn(came.map(gpuNodeName), { timeoutMs: minuteMs, others: true }),
      );
      await figures.time('the 20 that came annotated, from then', () =>
        installed.annotated(came, 2 * minuteMs),
      );

      const names = new Set(came.map(gpuNodeName));
      const written = (await installed.nodeWrites(sinceMs)).filter(({ objectRef }) =>
        names.has(objectRef?.name ?? ''),
      );
      expect(written.length).toBeGreaterThanOrEqual(20);
      expect(await installed.faults(present)).toEqual([]);
    },
    4 * minuteMs,
  );

  it(
    'writes nothing in two quiet minutes, also while all collectors are restarted',
    async () => {
      const { apiServer } = cluster;
      // Verdicts that have just been made may still become firmer.
      await sleep(15_000);
      const usedBefore = await Promise.all(controllers.map(({ pid }) => usageOf(pid)));
      const sinceMs = Date.now();
      const quiet = sleep(2 * minuteMs);
      await helm(apiServer, [
        'upgrade',
        release,
        chart,
        `--namespace=${namespace}`,
        '--reset-then-reuse-values',
        '--set-string=collector.podAnnotations.restarted=once',
      ]);
      const restart = await installed.restarted(`${release}-collector`, 4 * minuteMs);
      figures.note(
        'rolling restart of the collectors',
        `${restart.seconds.toFixed(1)} s, at most ${restart.worstUnavailable} away at once`,
      );
      // Pods of nodes that went are taken away by kube-controller-manager, within a minute.
      await installed.collectorsOn(present.map(gpuNodeName), { timeoutMs: minuteMs });
      await quiet;

      const usedAfter = await Promise.all(controllers.map(({ pid }) => usageOf(pid)));
      for (const [at, after] of usedAfter.entries()) {
        const share =
          (after.cpuSeconds - (usedBefore[at]?.cpuSeconds ?? 0)) / ((Date.now() - sinceMs) / 1000);
        figures.note(
          `controller ${at}`,
          `${Math.round(share * 1000)} mCPU, ${Math.round(after.residentMiB)} MiB, at most ${Math.round(after.residentPeakMiB)} MiB`,
        );
      }
      if (prometheus !== undefined) await figures.noteProcess('Prometheus', prometheus.pid);
      expect(restart.worstUnavailable).toBeLessThanOrEqual(gpuNodes / 10);
      const written = await installed.nodeWrites(sinceMs);
      expect(written.map(({ objectRef }) => objectRef?.name)).toEqual([]);
    },
    6 * minuteMs,
  );

  it(
    'leaves nothing behind on any node when it is uninstalled',
    async () => {
      const { apiServer } = cluster;
      const startedMs = performance.now();
      const sinceMs = Date.now();
      const uninstalling = helm(
        apiServer,
        ['uninstall', release, `--namespace=${namespace}`, '--wait'],
        { timeoutMs: 4 * minuteMs },
      );
      const stopping = installed.scaledToZero(`${release}-controller`).then(async () => {
        for (const controller of controllers) await controller.halt();
      });
      const cleanup = await figures.time('cleanup of all nodes', () =>
        playJob(apiServer, { namespace, component: 'cleanup' }),
      );
      expect(cleanup).toMatchObject({ code: 0 });
      await stopping;
      await uninstalling;
      figures.note('helm uninstall', `${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      figures.note('writes of the cleanup', `${(await installed.nodeWrites(sinceMs)).length}`);

      expect(await installed.ourKeys()).toEqual([]);
      expect(await installed.objects(release)).toEqual([]);
    },
    5 * minuteMs,
  );
});

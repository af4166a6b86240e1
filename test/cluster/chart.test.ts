import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chart } from '../support/helm.ts';
import { describeWithNode } from '../support/node-cluster/describe-with-node.ts';
import {
  allAnnotations,
  annotationsOf,
  controllerWrites,
  domain,
  untilAnnotated,
} from '../support/node-cluster/node-annotations.ts';
import type { NodeCluster } from '../support/node-cluster/start-node-cluster.ts';
import { startClusterWithImages } from '../support/node-cluster/start-with-images.ts';
import { explainFailures } from '../support/node-cluster/explain-failures.ts';
import { installChart, namespace } from '../support/node-cluster/install-chart.ts';
import { withSlowTraining } from '../support/node-cluster/gpus.ts';
import { leftovers } from '../support/node-cluster/leftovers.ts';
import { addNotReadyNodes, foreignKey } from '../support/node-cluster/not-ready-nodes.ts';
import { ApiClient, type ApiAnswer } from '../support/api-client.ts';
import { findPart } from '../support/parts/find-part.ts';
import { waitUntil } from '../support/wait-until.ts';

const screenshots = join(import.meta.dirname, '..', '..', '.cache', 'cluster');

describeWithNode('the chart on a real node', () => {
  let cluster: NodeCluster;
  explainFailures(() => cluster);

  beforeAll(async () => {
    cluster = await startClusterWithImages({ driver: withSlowTraining });
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  it('installs with Helm, waits for all pods, and says what comes next', async () => {
    const said = await installChart(cluster);

    expect(said).toContain('STATUS: deployed');
    expect(said).toContain('helm test gpu-profiler -n gpu-profiler');
  });

  it('annotates the node: kubectl describe node shows each GPU rightly', async () => {
    await untilAnnotated(cluster);

    const described = await cluster.kubectl(`describe node ${cluster.nodeName}`);

    expect(described).toContain(`${domain}GPU-0-job-type: DLT`);
    expect(described).toContain(`${domain}GPU-0-mem-util-max: 61`);
    expect(described).toContain(`${domain}GPU-1-job-type: Empty`);
    expect(described).toContain(`${domain}GPU-2-job-type: Others`);
    expect(described).toContain('"model":"NVIDIA A100-SXM4-80GB"');
    expect(described).not.toContain('"simulated":true');
  });

  it('shows the web UI of Prometheus on port 9090 of the node, with our series', async () => {
    const address = await cluster.forward(`${cluster.nodeAddress}:9090`);
    const browser = await chromium.launch({
      executablePath: await findPart('chromium'),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      await page.goto(`http://${address}/query?g0.expr=gpu_utilization_ratio&g0.tab=table`);
      for (const uuid of cluster.gpuUuids) {
        await page.getByText(uuid).first().waitFor({ timeout: 60_000 });
      }
      expect(await page.title()).toContain('Prometheus');
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, 'prometheus.png') });
    } finally {
      await browser.close();
    }
  });

  it('passes helm test', async () => {
    const said = await cluster.helm(`test gpu-profiler -n ${namespace} --timeout=280s`, {
      timeoutMs: 290_000,
    });

    expect(said).toContain('Phase:          Succeeded');
  });

  it('runs its controller where the Pod Security Standard "restricted" is enforced', async () => {
    await cluster.kubectl('create namespace strict');
    await cluster.kubectl('label namespace strict pod-security.kubernetes.io/enforce=restricted');

    // A second instance, without a collector: what it would write is the first one's, so it looks at no node.
    const url = 'http://gpu-profiler-prometheus.gpu-profiler:9090';
    await cluster.helm(
      `install second ${chart} -n strict --set=collector.enabled=false,prometheus.url=${url} --set-json=controller.config={"node-selector":"nobody=here"} --wait --timeout=120s`,
      { timeoutMs: 150_000 },
    );

    const pods = await cluster.kubectl('-n strict get pods -o name');
    expect(pods.trim().split('\n')).toHaveLength(2);
    await cluster.helm('uninstall second -n strict --timeout=240s', { timeoutMs: 250_000 });
    expect(await annotationsOf(cluster)).toHaveProperty(`${domain}GPU-0-job-type`);
  });

  it.each([
    ['a label', { metadata: { labels: { 'example.com/forged': 'yes' } } }],
    ['a taint', { spec: { taints: [{ key: 'forged', effect: 'NoExecute' }] } }],
    ['a foreign annotation', { metadata: { annotations: { 'example.com/forged': 'yes' } } }],
    ['a foreign key of our domain', { metadata: { annotations: { [`${domain}forged`]: 'yes' } } }],
    ['spec.unschedulable', { spec: { unschedulable: true } }],
    ['a finalizer', { metadata: { finalizers: ['example.com/forged'] } }],
  ])('refuses a patch with the controller’s own token that sets %s', async (_what, patch) => {
    const answer = await forge(patch);

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).toContain('ValidatingAdmissionPolicy');
    const node = await cluster.kubectl(`get node ${cluster.nodeName} -o json`);
    expect(node).not.toContain('forged');
    expect(node).not.toContain('"unschedulable": true');
  });

  it('allows that token to set an annotation of ours', async () => {
    const key = `${domain}GPU-99-job-type`;

    const set = await forge({ metadata: { annotations: { [key]: 'Empty' } } });
    const removed = await forge({ metadata: { annotations: { [key]: null } } });

    expect([set.status, removed.status]).toEqual([200, 200]);
  });

  /** A patch of the node as the controller itself, were its token stolen. */
  async function forge(patch: object): Promise<ApiAnswer> {
    const token = await cluster.kubectl(`-n ${namespace} create token gpu-profiler-controller`);
    const client = new ApiClient({ ...cluster.access, token: token.trim() });
    return client.send(
      'PATCH',
      `/api/v1/nodes/${cluster.nodeName}`,
      patch,
      'application/merge-patch+json',
    );
  }

  it('goes to the next version and back without a write to the node', async () => {
    const image = 'docker.io/library/gpu-profiler';
    const version = /^appVersion: ['"]?([^'"\n]+)/m.exec(
      readFileSync(join(chart, 'Chart.yaml'), 'utf8'),
    )?.[1];
    const next = join(cluster.folder, 'chart-next');
    cpSync(chart, next, { recursive: true });
    const text = readFileSync(join(next, 'Chart.yaml'), 'utf8');
    writeFileSync(join(next, 'Chart.yaml'), text.replaceAll(`${version}`, '99.0.0'));
    const where = ['--address=/run/containerd/containerd.sock', '--namespace=k8s.io'];
    const names = [`${image}:${version}`, `${image}:99.0.0`];
    const tagged = await cluster.exec(await findPart('ctr'), [...where, 'images', 'tag', ...names]);
    expect(tagged.code).toBe(0);
    await waitUntil(
      async () => (await annotationsOf(cluster))[`${domain}GPU-3-job-type`] === 'DLT',
      { what: 'the slow cycle found', timeoutMs: 240_000, everyMs: 1000 },
    );
    const before = await settled();

    await installChart(cluster, next);
    await untilAllRun('gpu-profiler:99.0.0');
    await installChart(cluster);
    await untilAllRun(`gpu-profiler:${version}`);
    // The new collector has to find a cycle of 25 s again, which takes it three minutes.
    await cyclesOf(7);

    expect(await annotationsOf(cluster)).toEqual(before.annotations);
    expect(await controllerWrites(cluster)).toHaveLength(before.writes);
  }, 1_200_000);

  /** Waits until nothing has been written for a while: first verdicts become more exact. */
  async function settled(): Promise<{ annotations: Record<string, string>; writes: number }> {
    let writes = -1;
    let sinceMs = Date.now();
    await waitUntil(
      async () => {
        const now = (await controllerWrites(cluster)).length;
        if (now !== writes) sinceMs = Date.now();
        writes = now;
        return Date.now() - sinceMs > 60_000;
      },
      { what: 'a minute without a write', timeoutMs: 280_000, everyMs: 1000 },
    );
    return { annotations: await annotationsOf(cluster), writes };
  }

  /** Pods of the version before may still be ending. */
  async function untilAllRun(image: string): Promise<void> {
    const lines = '--output=jsonpath={range .items[*]}{.spec.containers[*].image}{"\\n"}{end}';
    const ours = 'app.kubernetes.io/component in (collector,controller)';
    await waitUntil(
      async () => {
        const found = await cluster.kubectl(['get', 'pods', '-n', namespace, '-l', ours, lines]);
        return found
          .trim()
          .split('\n')
          .every((line) => line === image);
      },
      { what: `all pods of ${image}`, timeoutMs: 90_000, everyMs: 500 },
    );
  }

  /** Waits for cycles of the leader: the time of its last read moves on in its Lease. */
  async function cyclesOf(count: number): Promise<void> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/gpu-profiler-controller`;
    const seen = new Set<string>();
    await waitUntil(
      async () => {
        const lease = await cluster.admin.get<{
          metadata: { annotations?: Record<string, string> };
        }>(path);
        seen.add(lease.metadata.annotations?.[`${domain}gpu-profiler-last-read`] ?? '');
        return seen.size > count;
      },
      { what: `${count} cycles of the controller`, timeoutMs: 300_000, everyMs: 500 },
    );
  }

  it('uninstalls with 40 nodes NotReady and one in twenty requests failing: no key of ours is left, no right either', async () => {
    await addNotReadyNodes(cluster, 40);
    await cluster.kubectl(['annotate', 'node', cluster.nodeName, `${foreignKey}=not ours`]);
    await cluster.failEvery(20);

    await cluster.helm(`uninstall gpu-profiler -n ${namespace} --timeout=280s`, {
      timeoutMs: 290_000,
    });

    const { requests, failed } = await cluster.failEvery(0);
    expect(requests).toBeGreaterThan(40);
    expect(failed).toBeGreaterThan(1);
    const left = await allAnnotations(cluster);
    expect(Object.keys(left)).toHaveLength(41);
    expect(new Set(Object.values(left).flatMap((keys) => Object.keys(keys)))).toEqual(
      new Set([foreignKey]),
    );
    // Helm does not wait for pods that are ending.
    await cluster.kubectl(`-n ${namespace} wait --for=delete pods --all --timeout=60s`);
    expect(await leftovers(cluster)).toEqual([]);
  });
});

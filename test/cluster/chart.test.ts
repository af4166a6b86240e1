import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chart } from '../support/helm.ts';
import { describeWithNode } from '../support/node-cluster/describe-with-node.ts';
import {
  annotationsOf,
  controllerWrites,
  domain,
  untilAnnotated,
} from '../support/node-cluster/node-annotations.ts';
import type { NodeCluster } from '../support/node-cluster/start-node-cluster.ts';
import { startClusterWithImages } from '../support/node-cluster/start-with-images.ts';
import { findPart } from '../support/parts/find-part.ts';
import { waitUntil } from '../support/wait-until.ts';

const namespace = 'gpu-profiler';
const here = ['-n', namespace];
const screenshots = join(import.meta.dirname, '..', '..', '.cache', 'cluster');
/** Shorter than by default, so that verdicts come sooner; all else is as the chart has it. */
const values = [
  '--set=prometheus.hostPort=9090',
  '--set=prometheus.scrapeInterval=5s',
  '--set=prometheus.scrapeTimeout=5s',
  '--set-json=controller.config={"interval":"5s"}',
];

describeWithNode('the chart on a real node', () => {
  let cluster: NodeCluster;

  beforeAll(async () => {
    cluster = await startClusterWithImages();
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  const upgrade = (folder: string, ...more: string[]) =>
    cluster.helm(
      [
        ...['upgrade', '--install', 'gpu-profiler', folder, ...here, '--create-namespace'],
        ...[...values, '--wait', '--timeout=240s', ...more],
      ],
      { timeoutMs: 300_000 },
    );

  it('installs with Helm, waits for all pods, and says what comes next', async () => {
    const said = await upgrade(chart);

    expect(said).toContain('STATUS: deployed');
    expect(said).toContain('helm test gpu-profiler -n gpu-profiler');
    await cluster.kubectl(
      [...here, 'rollout', 'status', 'ds/gpu-profiler-collector', '--timeout=120s'],
      {
        timeoutMs: 130_000,
      },
    );
  });

  it('annotates the node: kubectl describe node shows each GPU rightly', async () => {
    await untilAnnotated(cluster);

    const described = await cluster.kubectl(['describe', 'node', cluster.nodeName]);

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
      await page
        .getByText('GPU-00000000-0000-4000-8000-000000000002')
        .first()
        .waitFor({ timeout: 60_000 });
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, 'prometheus.png') });
      const targets = await browser.newPage();
      await targets.goto(`http://${address}/targets`);
      await targets
        .getByText(/\bup\b/i)
        .first()
        .waitFor({ timeout: 60_000 });
      expect(await targets.getByText(/connection refused|context deadline/).count()).toBe(0);
    } finally {
      await browser.close();
    }
  });

  it('passes helm test', async () => {
    const said = await cluster.helm(['test', 'gpu-profiler', ...here, '--logs', '--timeout=280s'], {
      timeoutMs: 290_000,
    });

    expect(said).toContain('Phase:          Succeeded');
    expect(said).toContain('gpus=3 nodes=1');
  });

  it('runs its controller where the Pod Security Standard "restricted" is enforced', async () => {
    await cluster.kubectl(['create', 'namespace', 'strict']);
    const level = 'pod-security.kubernetes.io/enforce=restricted';
    await cluster.kubectl(['label', 'namespace', 'strict', level]);

    // A second instance, without a collector: what it would write is the first one's, so it looks at no node.
    await cluster.helm(
      [
        ...['install', 'second', chart, '-n', 'strict', '--set=collector.enabled=false'],
        '--set=prometheus.url=http://gpu-profiler-prometheus.gpu-profiler:9090',
        '--set-json=controller.config={"interval":"5s","node-selector":"nobody=here"}',
        ...['--wait', '--timeout=120s'],
      ],
      { timeoutMs: 150_000 },
    );

    const pods = await cluster.kubectl(['-n', 'strict', 'get', 'pods', '-o', 'name']);
    expect(pods.trim().split('\n')).toHaveLength(2);
    await cluster.helm(['uninstall', 'second', '-n', 'strict', '--timeout=240s'], {
      timeoutMs: 250_000,
    });
    expect(await annotationsOf(cluster)).toHaveProperty(`${domain}GPU-0-job-type`);
  });

  it.each([
    ['a label', { metadata: { labels: { 'example.com/forged': 'yes' } } }],
    ['a taint', { spec: { taints: [{ key: 'forged', effect: 'NoExecute' }] } }],
    ['a foreign annotation', { metadata: { annotations: { 'example.com/forged': 'yes' } } }],
    ['a foreign key of our domain', { metadata: { annotations: { [`${domain}forged`]: 'yes' } } }],
    ['unschedulable', { spec: { unschedulable: true } }],
    ['a finalizer', { metadata: { finalizers: ['example.com/forged'] } }],
  ])('refuses a patch with the controller’s own token that sets %s', async (_what, patch) => {
    const before = await cluster.kubectl([
      'get',
      'node',
      cluster.nodeName,
      '-o',
      'jsonpath={.spec}{.metadata.labels}',
    ]);

    const forged = forge(patch);

    await expect(forged).rejects.toThrow(/denied|forbidden/i);
    expect(
      await cluster.kubectl([
        'get',
        'node',
        cluster.nodeName,
        '-o',
        'jsonpath={.spec}{.metadata.labels}',
      ]),
    ).toBe(before);
  });

  it('allows that token to set an annotation of ours', async () => {
    const key = `${domain}GPU-99-job-type`;
    await forge({ metadata: { annotations: { [key]: 'Empty' } } });
    await forge({ metadata: { annotations: { [key]: null } } });
  });

  /** A patch of the node as the controller itself, were its token stolen. */
  async function forge(patch: object): Promise<string> {
    const token = await cluster.kubectl([...here, 'create', 'token', 'gpu-profiler-controller']);
    return cluster.kubectl([
      `--kubeconfig=${kubeconfigWith(token.trim())}`,
      ...['patch', 'node', cluster.nodeName, '--type=merge', '-p', JSON.stringify(patch)],
    ]);
  }

  function kubeconfigWith(token: string): string {
    const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as {
      users: { user: { token: string } }[];
    };
    for (const { user } of config.users) user.token = token;
    const file = join(cluster.folder, 'kubeconfig-controller');
    writeFileSync(file, JSON.stringify(config));
    return file;
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
    const tagged = await cluster.exec(await findPart('ctr'), [
      ...['--address=/run/containerd/containerd.sock', '--namespace=k8s.io', 'images', 'tag'],
      ...[`${image}:${version}`, `${image}:99.0.0`],
    ]);
    expect(tagged.code).toBe(0);
    const before = await settled();

    await upgrade(next);
    expect(await images()).toEqual(new Set(['gpu-profiler:99.0.0']));
    await upgrade(chart);
    expect(await images()).toEqual(new Set([`gpu-profiler:${version}`]));
    await cyclesOf(6);

    expect(await annotationsOf(cluster)).toEqual(before.annotations);
    expect(await controllerWrites(cluster)).toHaveLength(before.writes);
  });

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

  async function images(): Promise<Set<string>> {
    const said = await cluster.kubectl([
      ...here,
      ...['get', 'pods', '--field-selector=status.phase=Running'],
      ...['-l', 'app.kubernetes.io/component in (collector,controller)'],
      ...['-o', 'jsonpath={range .items[*]}{.spec.containers[*].image}{"\\n"}{end}'],
    ]);
    return new Set(said.trim().split('\n'));
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
      { what: `${count} cycles of the controller`, timeoutMs: 180_000, everyMs: 500 },
    );
  }
});

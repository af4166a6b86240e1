import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceAccountUser } from '../support/apiserver.ts';
import { ApiClient } from '../support/api-client.ts';
import { isWrite, readAuditLog } from '../support/audit-log.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { startControllerManager } from '../support/controller-manager.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { kubectl } from '../support/kubectl.ts';
import { findPart } from '../support/parts/find-part.ts';
import { runCommand } from '../support/parts/run-command.ts';
import { scrapeConfig, startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { freePort } from '../support/port.ts';
import { waitUntil } from '../support/wait-until.ts';

const hasPages =
  existsSync('/usr/share/prometheus/web/templates') && process.env['PROMETHEUS'] === undefined;
const reader = serviceAccountUser('monitoring', 'reader');

describeWithCluster('test/support: the real parts', () => {
  let controlPlane: ControlPlane;
  let prometheus: Prometheus;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ users: [reader] });
    const port = await freePort();
    const config = scrapeConfig({ self: [`127.0.0.1:${port}`] }, { scrape: '200ms' });
    prometheus = await startPrometheus({ config, port });
  });

  afterAll(async () => {
    await prometheus?.stop();
    await controlPlane?.stop();
  });

  it('shows a created node to kubectl', async () => {
    const { apiServer } = controlPlane;
    await apiServer.admin.create('/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-a', annotations: { 'example.com/shown': 'yes' } },
    });

    const described = await kubectl(apiServer, ['describe', 'node', 'node-a']);

    expect(described).toContain('example.com/shown: yes');
  });

  it('keeps an audit log that tells writes from reads', async () => {
    const { apiServer } = controlPlane;
    await apiServer.admin.patch('/api/v1/nodes/node-a', {
      metadata: { annotations: { 'example.com/patched': '1' } },
    });
    await apiServer.admin.get('/api/v1/nodes/node-a');

    const events = await readAuditLog(apiServer.auditLog);

    const ofNode = events.filter((event) => event.objectRef?.name === 'node-a');
    const writes = ofNode.filter(isWrite).map((event) => [event.verb, event.user.username]);
    expect(writes).toContainEqual(['patch', 'test-admin']);
    expect(ofNode.filter((event) => event.verb === 'get').length).toBeGreaterThan(0);
  });

  it('lets a service account do only what RBAC grants', async () => {
    const { apiServer } = controlPlane;
    const client = new ApiClient(apiServer.accessOf(reader.name));

    const before = await client.send('GET', '/api/v1/nodes');
    const role = ['create', 'clusterrole', 'reader', '--verb=get,list', '--resource=nodes'];
    await kubectl(apiServer, role);
    const subject = '--serviceaccount=monitoring:reader';
    const binding = ['create', 'clusterrolebinding', 'reader', '--clusterrole=reader', subject];
    await kubectl(apiServer, binding);
    const status = await waitUntil(
      async () => {
        const answer = await client.send('GET', '/api/v1/nodes');
        return answer.status === 200 ? answer.status : undefined;
      },
      { what: 'the granted read', timeoutMs: 10_000 },
    );
    const write = await client.send('DELETE', '/api/v1/nodes/node-a');

    expect([before.status, status, write.status]).toEqual([403, 200, 403]);
  });

  it('keeps Prometheus data and port over a halt', async () => {
    const up = (): Promise<boolean> => hasSamples(prometheus);
    await waitUntil(up, { what: 'first scrapes', timeoutMs: 15_000 });
    const before = prometheus.pid;

    await prometheus.halt();
    await expect(fetch(prometheus.url)).rejects.toThrow('fetch failed');
    await prometheus.start();

    expect(prometheus.pid).not.toBe(before);
    const old = await prometheus.query('max_over_time(up{job="self"}[5m])');
    expect(old.map((sample) => sample.value[1])).toEqual(['1']);
  });

  // A Prometheus built from its Go module has no pages; Debian's package has them.
  it.skipIf(!hasPages)('serves the web pages of Prometheus', async () => {
    const response = await fetch(`${prometheus.url}/graph`);

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>Prometheus');
  });

  it('checks metrics with promtool', async () => {
    const promtool = await findPart('promtool');
    const check = (input: string): ReturnType<typeof runCommand> =>
      runCommand(promtool, ['check', 'metrics'], { timeoutMs: 20_000, input });

    const clean = await check('# HELP a_ratio A ratio.\n# TYPE a_ratio gauge\na_ratio 1\n');
    const unclean = await check('# TYPE a_count counter\na_count 1\n');

    expect(clean.code).toBe(0);
    expect(unclean.code).not.toBe(0);
  });

  it('makes service accounts with kube-controller-manager', async () => {
    const manager = await startControllerManager(controlPlane.apiServer);
    try {
      const path = '/api/v1/namespaces/default/serviceaccounts/default';
      const made = (): Promise<unknown> => controlPlane.apiServer.admin.get(path);
      await waitUntil(made, { what: 'the default service account', timeoutMs: 30_000 });
    } finally {
      await manager.stop();
    }
    expect(manager.isRunning).toBe(false);
  });

  it('leaves no process and no folder behind', async () => {
    const own = await startPrometheus({ config: {} });
    const { pid, dataDir } = own;
    expect(isAlive(pid)).toBe(true);

    await own.stop();

    expect(isAlive(pid)).toBe(false);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('ends what it started when it is killed itself', async () => {
    const program = `
      import { startEtcd } from './test/support/etcd.ts';
      const etcd = await startEtcd();
      console.log(JSON.stringify({ pid: etcd.pid, dataDir: etcd.dataDir }));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
    const etcd = JSON.parse(line) as { pid: number; dataDir: string };
    expect(isAlive(etcd.pid)).toBe(true);

    parent.kill('SIGKILL');

    const gone = (): boolean => !isAlive(etcd.pid) && !existsSync(etcd.dataDir);
    expect(await waitUntil(gone, { what: 'the end of etcd', timeoutMs: 8000 })).toBe(true);
  });
});

async function hasSamples(prometheus: Prometheus): Promise<boolean> {
  const samples = await prometheus.query('up{job="self"} == 1');
  return samples.length === 1;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

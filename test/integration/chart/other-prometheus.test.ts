import { afterAll, beforeAll, expect, it } from 'vitest';
import { operatorCrds } from '../../support/chart/operator-crds.ts';
import { startControlPlane, type ControlPlane } from '../../support/control-plane.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { chart, helm } from '../../support/helm.ts';
import { kubectl } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';

const services = '/api/v1/namespaces/monitoring/services';

/** What Helm says after an install, on a real API server: only there can it look around. */
describeWithCluster('an install into a cluster that has a Prometheus', () => {
  let plane: ControlPlane;
  let releases = 0;

  const notes = async (...flags: string[]): Promise<string> => {
    releases += 1;
    const name = `release-${releases}`;
    const args = ['install', name, chart, '--namespace=gpu-profiler', '--create-namespace'];
    const said = await helm(plane.apiServer, [...args, ...flags]);
    await helm(plane.apiServer, ['uninstall', name, '--namespace=gpu-profiler', '--no-hooks']);
    return said;
  };
  const addService = async (name: string, ...ports: number[]): Promise<void> => {
    const names = ['web', 'http'];
    await plane.apiServer.admin.create(services, {
      metadata: { name },
      spec: {
        selector: { app: name },
        ports: ports.map((port, index) => ({ name: names[index], port })),
      },
    });
  };

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.apiServer.admin.create('/api/v1/namespaces', { metadata: { name: 'monitoring' } });
  });

  afterAll(async () => {
    await plane?.stop();
  });

  it('says nothing where there is none, nor of its own or of what only sounds like one', async () => {
    await addService('prometheus-alertmanager', 9093);
    await addService('prometheus-pushgateway', 9090);
    await addService('prometheus-node-exporter', 9090);
    await addService('kube-prometheus-stack-operator', 9090);
    await addService('web', 9090);
    const said = await notes();
    expect(said).toContain('is installed in namespace gpu-profiler');
    expect(said).not.toContain('Prometheus already');
  });

  it('names the one that is there and how to use it', async () => {
    await addService('kube-prometheus-stack-prometheus', 9090);
    // Of two ports of one Service one is enough.
    await addService('prometheus-server', 80, 9090);
    const said = await notes();
    expect(said).toContain(
      'This cluster has a Prometheus already: http://kube-prometheus-stack-prometheus.monitoring:9090, http://prometheus-server.monitoring:9090. A second one was installed beside it.',
    );
    expect(said).toContain('--set prometheus.url=http://');
    expect(await notes('--set=prometheus.url=http://prometheus-server.monitoring')).not.toContain(
      'Prometheus already',
    );
    expect(await notes('--set=prometheus.lookForOthers=false')).not.toContain('Prometheus already');
  });

  it('knows Prometheus Operator by its kinds, without looking at Services', async () => {
    for (const file of await operatorCrds()) {
      await kubectl(plane.apiServer, ['apply', '--server-side', '-f', file]);
    }
    const said = await waitUntil(
      async () => {
        const text = await notes('--set=prometheus.lookForOthers=false');
        return text.includes('Prometheus Operator') && text;
      },
      { what: 'the kinds in discovery', timeoutMs: 60_000 },
    );
    expect(said).toContain('podMonitor.enabled=true');
    expect(await notes()).toMatch(/prometheus\.url=http:\/\/[\w.-]+:\d+,podMonitor\.enabled=true/);
  });
});

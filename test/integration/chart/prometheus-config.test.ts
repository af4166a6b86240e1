import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load as parseYaml } from 'js-yaml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chart } from '../../support/helm.ts';
import { render, type KubernetesObject } from '../../support/chart/render.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { findPart } from '../../support/parts/find-part.ts';
import { runCommand } from '../../support/parts/run-command.ts';

describeWithCluster('the Prometheus that the chart brings', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-prometheus-config-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Lays the ConfigMaps out as in the pod, below the test's folder. */
  const check = async (objects: readonly KubernetesObject[]): Promise<string> => {
    await mkdir(join(folder, 'rules'));
    for (const { kind, metadata, ...object } of objects) {
      if (kind !== 'ConfigMap' || !metadata.name.includes('prometheus')) continue;
      const below = metadata.name.endsWith('-rules') ? join(folder, 'rules') : folder;
      const data = (object['data'] ?? {}) as Record<string, string>;
      for (const [name, text] of Object.entries(data)) {
        const local = text
          .replaceAll('/etc/prometheus-rules', join(folder, 'rules'))
          .replaceAll('/etc/gpu-profiler-scrape', folder)
          .replaceAll('/var/run/secrets/kubernetes.io/serviceaccount', folder);
        await writeFile(join(below, name), local);
      }
    }
    const args = ['check', 'config', '--lint=all', join(folder, 'prometheus.yml')];
    const checked = await runCommand(await findPart('promtool-kubernetes'), args, {
      timeoutMs: 60_000,
    });
    return `code ${checked.code}\n${checked.stdout}\n${checked.stderr}`;
  };

  it.each([
    ['as it comes', {}],
    [
      'with all there is',
      {
        dcgmExporter: { namespaces: ['gpu-operator', 'monitoring'] },
        alertmanagers: ['alertmanager.monitoring:9093'],
        externalLabels: { cluster: 'a' },
        extraScrapeConfigs: [{ job_name: 'node', static_configs: [{ targets: ['node:9100'] }] }],
        scrapeInterval: '5s',
        scrapeTimeout: '4s',
        evaluationInterval: '1m',
      },
    ],
    ['without dcgm-exporter', { dcgmExporter: { enabled: false } }],
  ])('reads its configuration and rules: %s', async (_what, prometheus) => {
    const said = await check(await render({ values: { prometheus } }));
    expect(said).toMatch(/^code 0$/m);
    expect(said).toMatch(/SUCCESS: 2 rule files found/);
    expect(said).not.toMatch(/FAILED|ERROR/);
  });

  it('reads its configuration with TLS, a password and a certificate of its own', async () => {
    const keys = { usernameKey: 'u', passwordKey: 'p', caKey: 'ca', certKey: 'crt', keyKey: 'key' };
    for (const name of Object.values(keys)) await writeFile(join(folder, name), 'x');
    const scrape = { secretName: 'scrape', serverName: 'gpu-profiler', ...keys };
    const said = await check(
      await render({ values: { web: { secretName: 'web', tls: true, scrape } } }),
    );
    expect(said).toMatch(/^code 0$/m);
    const text = await readFile(join(folder, 'prometheus.yml'), 'utf8');
    expect(text.match(/scheme: https/g)).toHaveLength(2);
    expect(text).toContain(`password_file: ${join(folder, 'p')}`);
  });

  it('reads the rule files of the chart, word for word', async () => {
    const objects = await render();
    const rules = objects.find(({ metadata }) => metadata.name === 'gpu-profiler-prometheus-rules');
    const data = rules?.['data'] as Record<string, string>;
    const files = await readdir(join(chart, 'rules'));
    expect(Object.keys(data).toSorted()).toEqual(files.toSorted());
    for (const name of files) {
      const text = await readFile(join(chart, 'rules', name), 'utf8');
      expect(data[name]?.trim()).toBe(text.trim());
    }
  });
});

describeWithCluster('what the chart publishes for others', () => {
  it('one PrometheusRule holds the groups of all rule files', async () => {
    const objects = await render({ values: { prometheusRule: { enabled: true } } });
    const rule = objects.find(({ kind }) => kind === 'PrometheusRule');
    const files = await readdir(join(chart, 'rules'));
    const texts = files.toSorted().map((name) => readFileSync(join(chart, 'rules', name), 'utf8'));
    const groups = texts.flatMap((text) => (parseYaml(text) as { groups: object[] }).groups);
    expect(groups.length).toBeGreaterThan(1);
    expect(rule?.['spec']).toEqual({ groups });
  });

  it('one ConfigMap per dashboard, as the sidecar of Grafana finds it', async () => {
    const values = { dashboards: { enabled: true, namespace: 'grafana' } };
    const found = (await render({ values })).filter(
      ({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1',
    );
    const files = await readdir(join(chart, 'dashboards'));
    expect(found).toHaveLength(files.length);
    for (const { metadata, ...object } of found) {
      expect(metadata.namespace).toBe('grafana');
      const [[name, text] = ['', '']] = Object.entries(object['data'] as Record<string, string>);
      const file = readFileSync(join(chart, 'dashboards', name), 'utf8');
      expect(JSON.parse(text)).toEqual(JSON.parse(file));
      expect(metadata.name).toBe(`gpu-profiler-dashboard-${name.replace('.json', '')}`);
    }
  });
});

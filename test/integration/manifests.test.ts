import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load as parseYaml, loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { environmentNameOf, environmentPrefix, optionNamesIn } from '../../src/config/names.ts';
import { serverModes, type ServerMode } from '../../src/config/option-spec.ts';
import { healthRoutes } from '../../src/web/health.ts';
import { serviceAccountUser, type ApiServer } from '../support/apiserver.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { kubectl } from '../support/kubectl.ts';
import { load } from '../support/load-config.ts';
import { findPart } from '../support/parts/find-part.ts';
import { failureOf, runCommand } from '../support/parts/run-command.ts';

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly containerPort: number }[];
  readonly livenessProbe: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly template: { readonly spec: { containers: readonly Container[] } } };
}

const namespace = 'gpu-profiler';
const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'manifests');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const objectsIn = (file: string): KubernetesObject[] =>
  loadAll(readFileSync(join(folder, file), 'utf8')) as KubernetesObject[];
const workloads = files
  .flatMap(objectsIn)
  .filter(({ kind }) => kind === 'DaemonSet' || kind === 'Deployment')
  .flatMap(({ metadata: { name }, spec }) =>
    (spec?.template.spec.containers ?? []).map((container) => ({ name, podSpec: spec, container })),
  );

function modeOf({ args }: Container): ServerMode {
  const mode = serverModes.find((name) => name === args[0]);
  if (mode === undefined) throw new Error(`${String(args[0])} is no command of gpu-profiler`);
  return mode;
}

describe('manifests and what they are about', () => {
  it('there are a collector and a controller', () => {
    expect(workloads.map(({ container }) => modeOf(container))).toEqual([
      'collector',
      'controller',
    ]);
  });

  it.each(workloads)('$name: the program takes its arguments and environment', async (workload) => {
    const { container } = workload;
    const mode = modeOf(container);
    // What comes from a field of the pod is a name.
    const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value ?? 'name']));
    const { settings, warnings } = await load(mode, { argv: container.args.slice(1), env });
    expect(warnings).toEqual([]);
    const known = optionNamesIn(mode).map(environmentNameOf);
    const named = Object.keys(env).filter((name) => name.startsWith(environmentPrefix));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    const { port } = settings['web.listen-address'];
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([port]);
  });

  it.each(workloads)('$name: its probes are routes', ({ container }) => {
    const none = (): readonly never[] => [];
    const paths = healthRoutes({ live: none, ready: none }).map(({ path }) => path);
    expect(paths).toEqual([
      container.livenessProbe.httpGet.path,
      container.readinessProbe.httpGet.path,
    ]);
  });

  it('manifests, chart, Dockerfile and package are of one version', () => {
    const text = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
    const chart = parseYaml(text('charts', 'gpu-profiler', 'Chart.yaml'));
    expect(chart).toMatchObject({ appVersion: packageFile.version });
    expect(text('Dockerfile')).toContain(`\nARG VERSION=${packageFile.version}\n`);
    for (const { container } of workloads) {
      expect(container.image).toBe(`gpu-profiler:${packageFile.version}`);
    }
  });
});

describeWithCluster('manifests on a real API server', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;

  /** kubectl's own answer; anything but yes and no is an error, never a no. */
  const canI = async (account: string, ...what: readonly string[]): Promise<string> => {
    const { name } = serviceAccountUser(namespace, account);
    const own = [`--kubeconfig=${await apiServer.writeKubeconfig()}`, `--as=${name}`];
    const result = await runCommand(
      await findPart('kubectl'),
      ['auth', 'can-i', ...what, ...own, `--cache-dir=${join(apiServer.dataDir, 'kubectl')}`],
      { timeoutMs: 30_000 },
    );
    const answer = result.stdout.trim();
    if (answer !== 'yes' && answer !== 'no') throw new Error(failureOf(result));
    return answer;
  };

  beforeAll(async () => {
    plane = await startControlPlane();
    apiServer = plane.apiServer;
    await kubectl(apiServer, ['create', 'namespace', namespace]);
    await kubectl(apiServer, [
      'label',
      'namespace',
      namespace,
      'pod-security.kubernetes.io/enforce=restricted',
    ]);
  });

  afterAll(async () => {
    await plane?.stop();
  });

  it.each(files)('%s would be taken, every object and every field of it', async (file) => {
    const args = ['apply', '--dry-run=server', '--validate=strict', '-f', join(folder, file)];
    const said = (await kubectl(apiServer, args)).trim().split('\n');
    expect(said).toHaveLength(objectsIn(file).length);
    for (const line of said) expect(line).toMatch(/ (created|configured) \(server dry run\)$/);
  });

  describe('once applied', () => {
    beforeAll(async () => {
      for (const file of files) await kubectl(apiServer, ['apply', '-f', join(folder, file)]);
    });

    it.each(workloads)('$name: its pods meet the restricted standard', async (workload) => {
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: workload.name, namespace },
        spec: workload.podSpec?.template.spec,
      };
      const args = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
      expect(await kubectl(apiServer, args, JSON.stringify(pod))).toContain('created');
    });

    it.each([
      ['list nodes'],
      ['watch nodes'],
      ['patch nodes'],
      ['create leases.coordination.k8s.io -n gpu-profiler'],
      ['update leases.coordination.k8s.io/gpu-profiler-controller -n gpu-profiler'],
      ['create events -n gpu-profiler'],
      ['create events -n default'],
    ])('the controller may %s', async (what) => {
      expect(await canI('gpu-profiler-controller', ...what.split(' '))).toBe('yes');
    });

    it.each([
      ['update nodes'],
      ['delete nodes'],
      ['patch nodes --subresource=status'],
      ['list pods -A'],
      ['get secrets -n gpu-profiler'],
      ['update leases.coordination.k8s.io/other -n gpu-profiler'],
      ['create events -n kube-system'],
    ])('the controller may not %s', async (what) => {
      expect(await canI('gpu-profiler-controller', ...what.split(' '))).toBe('no');
    });

    it.each([['list nodes'], ['get secrets -n gpu-profiler'], ['create events -n gpu-profiler']])(
      'the collector may not %s',
      async (what) => {
        expect(await canI('gpu-profiler-collector', ...what.split(' '))).toBe('no');
      },
    );
  });
});

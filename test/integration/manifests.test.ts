import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load as parseYaml } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { manifests, namespace } from '../../scripts/manifests/list.ts';
import { renderManifest } from '../../scripts/manifests/render.ts';
import { environmentNameOf, environmentPrefix, optionNamesIn } from '../../src/config/names.ts';
import type { ServerMode } from '../../src/config/option-spec.ts';
import type { Settings } from '../../src/config/options.ts';
import { healthRoutes } from '../../src/web/health.ts';
import type { ApiServer } from '../support/apiserver.ts';
import { canI } from '../support/chart/can-i.ts';
import { modeOf, podsOf, settingsIn } from '../support/chart/pods.ts';
import { objectsIn } from '../support/chart/render.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { kubectl } from '../support/kubectl.ts';
import { findPart } from '../support/parts/find-part.ts';
import { runCommand } from '../support/parts/run-command.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'manifests');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
/** Each container that runs gpu-profiler, in each file. */
const containers = files.flatMap((file) => {
  const objects = objectsIn(textOf(file));
  return podsOf(objects).flatMap((pod) =>
    pod.spec.containers
      .filter((container) => modeOf(container) !== undefined)
      .map((container) => ({ name: `${file}: ${pod.owner}`, container, pod, objects })),
  );
});
const servers = containers.filter(({ container }) => container.ports !== undefined);

describe('manifests and what they are about', () => {
  it('there are those that the list names, and values for each', () => {
    expect(files.toSorted()).toEqual(manifests.map(({ file }) => file).toSorted());
    expect(readdirSync(join(folder, 'values')).toSorted()).toEqual(files.toSorted());
  });

  it('what runs gpu-profiler in them', () => {
    const modes = containers.map(({ name, container }) => `${name} ${modeOf(container)}`);
    expect(modes.toSorted()).toEqual([
      'gpu-profiler-cleanup.yaml: Job/gpu-profiler-cleanup cleanup',
      'gpu-profiler-dcgm.yaml: Deployment/gpu-profiler-controller controller',
      'gpu-profiler.yaml: DaemonSet/gpu-profiler-collector collector',
      'gpu-profiler.yaml: Deployment/gpu-profiler-controller controller',
    ]);
  });

  it.each(containers)('$name: the program takes what it is given', async (workload) => {
    const { container, pod, objects } = workload;
    const { settings, warnings } = await settingsIn(container, pod, objects);
    expect(warnings).toEqual([]);
    const mode = modeOf(container) ?? 'controller';
    const known = optionNamesIn(mode).map(environmentNameOf);
    const named = (container.env ?? []).map(({ name }) => name);
    const ours = named.filter((name) => name.startsWith(environmentPrefix));
    expect(ours.filter((name) => !known.includes(name))).toEqual([]);
    const listen = (settings as Partial<Settings<ServerMode>>)['web.listen-address'];
    expect((container.ports ?? []).map(({ containerPort }) => containerPort)).toEqual(
      listen === undefined ? [] : [listen.port],
    );
  });

  it.each(servers)('$name: its probes are routes', ({ container }) => {
    const none = (): readonly never[] => [];
    const paths = healthRoutes({ live: none, ready: none }).map(({ path }) => path);
    expect(paths).toEqual([
      container.livenessProbe?.httpGet.path,
      container.readinessProbe?.httpGet.path,
    ]);
  });

  it('manifests, chart, Dockerfile and package are of one version', () => {
    const text = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
    const chart = parseYaml(text('charts', 'gpu-profiler', 'Chart.yaml'));
    expect(chart).toMatchObject({ appVersion: packageFile.version });
    expect(text('Dockerfile')).toContain(`\nARG VERSION=${packageFile.version}\n`);
    for (const { container } of containers) {
      expect(container.image).toBe(`gpu-profiler:${packageFile.version}`);
    }
  });

  it.each(files)('%s: has nothing of Helm in it', (file) => {
    expect(textOf(file)).not.toMatch(/helm\.sh|managed-by: Helm/);
  });

  it('the namespace is the same object in each', () => {
    const found = files.map((file) =>
      objectsIn(textOf(file)).find(({ kind }) => kind === 'Namespace'),
    );
    for (const object of found) expect(object).toEqual(found[0]);
    expect(found[0]?.metadata.name).toBe(namespace);
  });
});

describeWithCluster('manifests on real parts', () => {
  it.each(manifests)('$file is what the chart renders', async (manifest) => {
    const rendered = await renderManifest(await findPart('helm'), manifest);
    const isFresh = textOf(manifest.file) === rendered;
    expect(isFresh, `manifests/${manifest.file} is stale: run npm run manifests`).toBe(true);
  });

  it.each(files)('%s: a kustomization gives other images to everything in it', async (file) => {
    const work = await mkdtemp(join(tmpdir(), 'gpu-profiler-kustomize-'));
    try {
      const names = ['gpu-profiler', 'docker.io/prom/prometheus'];
      const images = names.map((name) => ({ name, newName: 'registry.example/x', newTag: 'y' }));
      await copyFile(join(folder, file), join(work, file));
      await writeFile(
        join(work, 'kustomization.yaml'),
        JSON.stringify({ resources: [file], images }),
      );
      const built = await runCommand(await findPart('kubectl'), ['kustomize', work], {
        timeoutMs: 30_000,
      });
      expect(built).toMatchObject({ code: 0 });
      const pods = podsOf(objectsIn(built.stdout));
      const used = pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image));
      expect(used.length).toBeGreaterThan(0);
      expect(new Set(used)).toEqual(new Set(['registry.example/x:y']));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });

  // Two servers, each new: what is applied first has to find nothing that another file would have brought.
  describe.each([
    { order: 'in the order of their names', files },
    { order: 'the other way round', files: files.toReversed() },
  ])('applied $order', ({ files: ordered }) => {
    let plane: ControlPlane;
    let apiServer: ApiServer;

    beforeAll(async () => {
      plane = await startControlPlane();
      ({ apiServer } = plane);
    });

    afterAll(async () => {
      await plane?.stop();
    });

    it('each is taken, every object and every field of it', async () => {
      for (const file of ordered) {
        const args = ['apply', '--validate=strict', '-f', join(folder, file)];
        const said = (await kubectl(apiServer, args)).trim().split('\n');
        expect(said).toHaveLength(objectsIn(textOf(file)).length);
        for (const line of said) expect(line).toMatch(/ (created|configured|unchanged)$/);
      }
    });

    it.each(files)('%s, applied twice: the second time writes nothing', async (file) => {
      const path = join(folder, file);
      await kubectl(apiServer, ['apply', '-f', path]);
      const versions = (): Promise<string> => {
        const columns =
          'custom-columns=KIND:.kind,NAME:.metadata.name,VERSION:.metadata.resourceVersion';
        return kubectl(apiServer, ['get', '-f', path, '-o', columns]);
      };
      const before = await versions();
      await kubectl(apiServer, ['apply', '-f', path]);
      expect(await versions()).toBe(before);
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
      expect(await canI(apiServer, `${namespace}:gpu-profiler-controller`, what)).toBe('yes');
    });

    it.each([
      ['get nodes'],
      ['update nodes'],
      ['delete nodes'],
      ['patch nodes --subresource=status'],
      ['list pods -A'],
      ['get secrets -n gpu-profiler'],
      ['update leases.coordination.k8s.io/other -n gpu-profiler'],
      ['delete leases.coordination.k8s.io/gpu-profiler-controller -n gpu-profiler'],
      ['create events -n kube-system'],
    ])('the controller may not %s', async (what) => {
      expect(await canI(apiServer, `${namespace}:gpu-profiler-controller`, what)).toBe('no');
    });

    it.each([['list nodes'], ['get secrets -n gpu-profiler'], ['create events -n gpu-profiler']])(
      'the collector may not %s',
      async (what) => {
        expect(await canI(apiServer, `${namespace}:gpu-profiler-collector`, what)).toBe('no');
      },
    );

    it.each([
      ['list pods -A', 'yes'],
      ['watch pods -A', 'yes'],
      ['get pods -A', 'no'],
      ['list nodes', 'no'],
      ['list services -A', 'no'],
      ['get configmaps -n gpu-profiler', 'no'],
    ])('Prometheus, asked whether it may %s: %s', async (what, answer) => {
      expect(await canI(apiServer, `${namespace}:prometheus`, what)).toBe(answer);
    });

    it.each([
      ['patch nodes', 'yes'],
      ['patch deployments.apps/gpu-profiler-controller --subresource=scale -n gpu-profiler', 'yes'],
      ['patch deployments.apps/gpu-profiler-controller -n gpu-profiler', 'no'],
      ['patch deployments.apps/other --subresource=scale -n gpu-profiler', 'no'],
      ['delete leases.coordination.k8s.io/gpu-profiler-controller -n gpu-profiler', 'yes'],
      ['delete nodes', 'no'],
    ])('the cleanup, asked whether it may %s: %s', async (what, answer) => {
      expect(await canI(apiServer, `${namespace}:gpu-profiler-cleanup`, what)).toBe(answer);
    });

    it('deleted, nothing of them is left', async () => {
      const all = files.flatMap((file) => ['-f', join(folder, file)]);
      await kubectl(apiServer, ['delete', '--ignore-not-found', '--wait=false', ...all]);
      const kinds = [
        'clusterroles,clusterrolebindings',
        'validatingadmissionpolicies,validatingadmissionpolicybindings',
        'roles,rolebindings,deployments,daemonsets',
      ].join(',');
      const left = await kubectl(apiServer, ['get', kinds, '-A', '-o', 'name']);
      expect(left.split('\n').filter((name) => /gpu-profiler|prometheus/.test(name))).toEqual([]);
    });
  });
});

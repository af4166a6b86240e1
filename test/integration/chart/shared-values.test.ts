import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { podsOf } from '../../support/chart/pods.ts';
import { render, renderText, type KubernetesObject } from '../../support/chart/render.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { chart } from '../../support/helm.ts';

const imagesOf = (objects: readonly KubernetesObject[]): Set<string> =>
  new Set(JSON.stringify(objects).match(/(?<="image":")[^"]+/g));

async function collectorService(service: object): Promise<KubernetesObject | undefined> {
  const objects = await render({ values: { collector: { service } } });
  return objects.find(
    ({ kind, metadata }) => kind === 'Service' && metadata.name === 'gpu-profiler-collector',
  );
}

describeWithCluster('values that charts around this one share', () => {
  it.each([
    ['nothing', {}, ['gpu-profiler:0.1.0', 'docker.io/prom/prometheus:v3.13.5']],
    [
      'a registry',
      { global: { imageRegistry: 'registry.example:5000/mirror/', other: 'kept' } },
      [
        'registry.example:5000/mirror/gpu-profiler:0.1.0',
        'registry.example:5000/mirror/prom/prometheus:v3.13.5',
      ],
    ],
    [
      'a registry, in place of another with a port',
      {
        global: { imageRegistry: 'mirror' },
        image: { repository: 'localhost:5000/a/b', tag: 'x' },
        prometheus: { image: { repository: 'localhost/prom', tag: 'y' } },
      },
      ['mirror/a/b:x', 'mirror/prom:y'],
    ],
    [
      'a part of a path, which is no registry',
      { image: { repository: 'team/gpu-profiler' } },
      ['team/gpu-profiler:0.1.0', 'docker.io/prom/prometheus:v3.13.5'],
    ],
  ])('imageRegistry: %s', async (_what, values, images) => {
    const objects = await render({ values });
    expect(podsOf(objects).length).toBeGreaterThan(2);
    expect(imagesOf(objects)).toEqual(new Set(images));
  });

  it('namespaceOverride moves everything, and what names it', async () => {
    const values = { namespaceOverride: 'gpu-usage', dashboards: { enabled: true } };
    const options = { namespace: 'elsewhere', values, release: 'usage' };
    const objects = await render(options);
    const namespaces = objects.flatMap(({ metadata }) => metadata.namespace ?? []);
    expect(new Set(namespaces)).toEqual(new Set(['gpu-usage', 'default']));
    expect(await renderText(options)).not.toContain('elsewhere');
  });

  it('the notes send kubectl to where our objects are, and Helm to where the release is', async () => {
    const notes = await readFile(join(chart, 'templates/NOTES.txt'), 'utf8');
    const ofRelease = notes.split('\n').filter((line) => line.includes('.Release.Namespace'));
    expect(ofRelease.filter((line) => !/\bhelm /.test(line))).toEqual([]);
  });

  it('the Service of the collectors is headless unless told otherwise', async () => {
    expect(await collectorService({})).toMatchObject({
      spec: { type: 'ClusterIP', clusterIP: 'None' },
    });
    expect((await collectorService({ clusterIP: '' }))?.['spec']).not.toHaveProperty('clusterIP');
    const balanced = await collectorService({
      type: 'LoadBalancer',
      nodePort: 30_876,
      annotations: { 'example.com/internal': 'true' },
    });
    expect(balanced).toMatchObject({
      metadata: { annotations: { 'example.com/internal': 'true' } },
      spec: {
        type: 'LoadBalancer',
        ports: [{ name: 'metrics', port: 9876, targetPort: 'metrics', nodePort: 30_876 }],
      },
    });
    expect(balanced?.['spec']).not.toHaveProperty('clusterIP');
  });
});

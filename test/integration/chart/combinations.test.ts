import { afterAll, beforeAll, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../support/control-plane.ts';
import { namespaces, nameOf, optionsOf, rows } from '../../support/chart/matrix.ts';
import { operatorCrds } from '../../support/chart/operator-crds.ts';
import { modeOf, podsOf, settingsIn } from '../../support/chart/pods.ts';
import { objectsIn, renderText } from '../../support/chart/render.ts';
import { describeWithCluster } from '../../support/describe-with-cluster.ts';
import { kubectl } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';

const cases = rows.map((row) => {
  let text: Promise<string> | undefined;
  const rendered = (): Promise<string> => (text ??= renderText(optionsOf(row)));
  return { name: nameOf(row), rendered };
});

describeWithCluster('every pair of settings of the chart', () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    const crds = await operatorCrds();
    // Objects that are never stored: the account of a pod is not there either.
    plane = await startControlPlane({ extraArgs: ['--disable-admission-plugins=ServiceAccount'] });
    const { apiServer } = plane;
    for (const name of namespaces) await kubectl(apiServer, ['create', 'namespace', name]);
    const files = crds.flatMap((file) => ['-f', file]);
    await kubectl(apiServer, ['apply', '--server-side', ...files]);
    await waitUntil(
      // It fails on a definition that has no status yet.
      () => kubectl(apiServer, ['wait', '--for=condition=Established', 'crd', '--all']),
      { what: 'the definitions of Prometheus Operator', timeoutMs: 60_000 },
    );
  });

  afterAll(async () => {
    await plane?.stop();
  });

  it.each(cases)('$name: a real API server takes every object and field', async ({ rendered }) => {
    const text = await rendered();
    const args = ['apply', '--dry-run=server', '--validate=strict', '-f', '-'];
    const said = await kubectl(plane.apiServer, args, text);
    const lines = said.trim().split('\n');
    expect(lines).toHaveLength(objectsIn(text).length);
    for (const line of lines) expect(line).toMatch(/ created \(server dry run\)$/);
  });

  it.each(cases)('$name: the program takes what each container is given', async ({ rendered }) => {
    const objects = objectsIn(await rendered());
    for (const pod of podsOf(objects)) {
      for (const container of pod.spec.containers) {
        if (modeOf(container) === undefined) continue;
        const { warnings } = await settingsIn(container, pod, objects);
        expect(warnings).toEqual([]);
      }
    }
  });

  it.each(cases)(
    '$name: no name is used twice, and each is fit for a label',
    async ({ rendered }) => {
      const objects = objectsIn(await rendered());
      const keys = objects.map(({ apiVersion, kind, metadata: { name, namespace = '' } }) => {
        return [apiVersion, kind, namespace, name].join(' ');
      });
      expect(new Set(keys).size).toBe(keys.length);
      for (const { labels } of podsOf(objects)) {
        for (const value of Object.values(labels)) expect(value.length).toBeLessThanOrEqual(63);
      }
    },
  );
});

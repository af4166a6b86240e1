import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithNode } from '../support/node-cluster/describe-with-node.ts';
import { documentedCommands, followCommands } from '../support/node-cluster/documented-commands.ts';
import { explainFailures } from '../support/node-cluster/explain-failures.ts';
import { namespace } from '../support/node-cluster/install-chart.ts';
import { leftovers } from '../support/node-cluster/leftovers.ts';
import {
  allAnnotations,
  domain,
  untilAnnotated,
} from '../support/node-cluster/node-annotations.ts';
import {
  addNotReadyNodes,
  foreignKey,
  removeNotReadyNodes,
} from '../support/node-cluster/not-ready-nodes.ts';
import type { NodeCluster } from '../support/node-cluster/start-node-cluster.ts';
import { startClusterWithImages } from '../support/node-cluster/start-with-images.ts';
import { waitUntil } from '../support/wait-until.ts';

const uninstall = documentedCommands('docs/UNINSTALL.md', '## kubectl');

describeWithNode('the manifests on a real node', () => {
  let cluster: NodeCluster;
  explainFailures(() => cluster);

  beforeAll(async () => {
    cluster = await startClusterWithImages();
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  it('are installed as docs/INSTALL.md says, and annotate the node', async () => {
    await followCommands(cluster, documentedCommands('docs/INSTALL.md', '## kubectl'));

    await untilAnnotated(cluster);

    const page = await fetch(
      `http://${await cluster.forward(`${cluster.nodeAddress}:9090`)}/query`,
    );
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Prometheus');
  });

  it('are taken out as docs/UNINSTALL.md says, with 40 nodes NotReady and one in twenty requests failing', async () => {
    await addNotReadyNodes(cluster, 40);
    await cluster.failEvery(20);

    const said = await followCommands(cluster, uninstall);

    const { requests, failed } = await cluster.failEvery(0);
    expect(requests).toBeGreaterThan(40);
    expect(failed).toBeGreaterThan(1);
    expect(said).toContain('Nothing of ours is left on any node.');
    const left = Object.entries(await allAnnotations(cluster));
    expect(left.map(([, keys]) => Object.keys(keys))).toEqual(left.map(() => [foreignKey]));
    expect(left).toHaveLength(40);
    expect(await leftovers(cluster)).toEqual([]);
    await removeNotReadyNodes(cluster);
  });

  it('may be applied in the other order: the controller waits for Prometheus and says so', async () => {
    await cluster.kubectl('apply -f manifests/gpu-profiler.yaml');
    await waitUntil(
      async () => {
        const logs = await cluster.kubectl(
          `-n ${namespace} logs -l app.kubernetes.io/component=controller --prefix --tail=50`,
        );
        return (
          /prometheus/i.test(logs) && /not (be )?reach|cannot|no answer|unavailable/i.test(logs)
        );
      },
      { what: 'a word of the controller about Prometheus', timeoutMs: 120_000, everyMs: 1000 },
    );
    const { [cluster.nodeName]: before = {} } = await allAnnotations(cluster);
    expect(Object.keys(before).filter((key) => key.startsWith(`${domain}GPU-`))).toEqual([]);

    await cluster.kubectl('apply -f manifests/prometheus-complete.yaml');

    await untilAnnotated(cluster);
  });

  it('are taken out again while all is well', async () => {
    const said = await followCommands(cluster, uninstall);

    expect(said).toContain('Nothing of ours is left on any node.');
    expect(await allAnnotations(cluster)).toEqual({});
    expect(await leftovers(cluster)).toEqual([]);
  });
});

import { testImage } from '../image/test-image.ts';
import { threeGpus } from './gpus.ts';
import { packPrometheusImage } from './prometheus-image.ts';
import {
  startNodeCluster,
  type NodeCluster,
  type NodeClusterOptions,
} from './start-node-cluster.ts';
import { timed } from './timed.ts';

/** A cluster whose node has our image and Prometheus', and three GPUs: ready for chart and manifests as users get them. */
export async function startClusterWithImages(
  options: NodeClusterOptions = {},
): Promise<NodeCluster> {
  const image = await timed('our image', testImage);
  const cluster = await timed('the cluster', () =>
    startNodeCluster({ driver: threeGpus, ...options }),
  );
  try {
    await timed('putting the images on the node', async () => {
      await cluster.importImage(image.archive);
      await cluster.importImage(await packPrometheusImage(cluster.folder));
    });
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

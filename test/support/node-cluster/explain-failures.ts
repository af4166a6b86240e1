import { afterEach } from 'vitest';
import type { NodeCluster } from './start-node-cluster.ts';

/** For the top of a `describe`: after each failed test, what the cluster looks like goes to stderr. */
export function explainFailures(clusterNow: () => NodeCluster | undefined): void {
  afterEach(async ({ task }) => {
    const cluster = clusterNow();
    if (task.result?.state !== 'fail' || cluster === undefined) return;
    const ask = (...args: string[]): Promise<string> => cluster.kubectl(args).catch(String);
    const lines = [
      `--- the cluster after "${task.name}" ---`,
      await ask('get', 'pods', '-A', '-o', 'wide'),
      (await ask('get', 'events', '-A', '--sort-by=.lastTimestamp'))
        .split('\n')
        .slice(-25)
        .join('\n'),
      await ask('describe', 'node', cluster.nodeName),
    ];
    for (const component of ['controller', 'collector', 'cleanup', 'test']) {
      const label = `app.kubernetes.io/component=${component}`;
      lines.push(await ask('logs', '-n', 'gpu-profiler', '-l', label, '--prefix', '--tail=15'));
    }
    process.stderr.write(`${lines.join('\n')}\n---\n`);
  });
}

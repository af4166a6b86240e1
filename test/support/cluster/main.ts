import { parseArgs } from 'node:util';
import { systemClock } from '../../../src/lib/clock.ts';
import { parseDurationMs } from '../../../src/lib/duration.ts';
import { messageOf, UsageError } from '../../../src/lib/errors.ts';
import { runOnANode } from './on-a-node.ts';
import { faults, nodeAnnotations } from './read-annotations.ts';
import { startCluster, type Cluster } from './start-cluster.ts';

const help = `npm run cluster -- [flags]

Starts etcd, kube-apiserver, Prometheus, three collectors (the stand-in driver library, replayed traces, simulated GPUs)
and two controllers on this machine, in front of three Node objects. Ctrl-C ends everything.

  --kubelet           instead: a whole Kubernetes with a real node (kubelet, containerd, device plugin) in namespaces of
                      its own, our image in it, the chart installed by Helm; needs root
  --exit-after 240s   end by itself after this time; exit code 1 when an annotation is still wrong then
  --interval 10s      cycle of the controllers
  --dialects LIST     families that the collectors publish: native,dcgm (default both)
  --help              this text
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'exit-after': { type: 'string' },
      interval: { type: 'string', default: '10s' },
      dialects: { type: 'string', default: 'native,dcgm' },
      kubelet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const exitAfterMs =
    values['exit-after'] === undefined ? null : parseDurationMs(values['exit-after']);
  const ended = new Promise<void>((resolve) => {
    // Not `once`: a handler that is gone when the next one is asked would leave the ending to exit-on-signal.ts, which is abrupt.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
    if (exitAfterMs !== null) setTimeout(resolve, exitAfterMs);
  });
  if (values.kubelet) return runOnANode(say, ended);
  const startedMs = Date.now();
  const cluster = await startCluster({
    progress: (line) => say(`  ${line} …`),
    controllerArgs: [`--interval=${values.interval}`],
    dialects: values.dialects.split(',') as ('native' | 'dcgm')[],
  });
  describe(cluster);
  const watching = new AbortController();
  const native = values.dialects.includes('native');
  const right = watch(cluster, native, startedMs, watching.signal);
  await ended;
  watching.abort();
  say('\nStopping …');
  const allRight = await right;
  await cluster.stop();
  if (exitAfterMs !== null && !allRight) return 1;
  return 0;
}

function describe(cluster: Cluster): void {
  say('\nRunning:');
  say(`  Prometheus web UI   ${cluster.prometheus.url}`);
  for (const [at, collector] of cluster.collectors.entries()) {
    say(`  ${(cluster.nodes[at]?.name ?? '').padEnd(18)}  ${collector.url}/metrics`);
  }
  for (const controller of cluster.controllers)
    say(`  controller          ${controller.url}/metrics`);
  say(`  API server          ${cluster.apiServer.url}`);
  say('\nLook at the annotations (a verdict needs about a minute and a half):');
  say(
    `  kubectl --kubeconfig ${cluster.kubeconfig} describe node | grep -E '^Name:|ai.centaurus.io'`,
  );
  say('Describe cuts long annotations off; periods and all else that gpu-profile says:');
  say(
    `  kubectl --kubeconfig ${cluster.kubeconfig} get nodes -o jsonpath='{range .items[*]}{.metadata.annotations.ai\\.centaurus\\.io/gpu-profile}{"\\n"}{end}'`,
  );
  say('\nCtrl-C ends everything.\n');
}

/** Prints what each GPU's annotation says when it changes; resolves, once stopped, to whether all are right. */
async function watch(
  cluster: Cluster,
  periodsPublished: boolean,
  startedMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  let before = '';
  for (;;) {
    const wrong: string[] = [];
    try {
      for (const node of cluster.nodes) {
        const annotations = await nodeAnnotations(cluster.apiServer, node.name);
        wrong.push(...faults(node, annotations, { periodsPublished }));
      }
      const gpus = cluster.nodes.reduce((sum, node) => sum + node.gpus.length, 0);
      const seconds = Math.round((Date.now() - startedMs) / 1000);
      const now =
        wrong.length === 0 ? `all ${gpus} GPUs are annotated rightly` : wrong.join('\n       ');
      if (now !== before) say(`${String(seconds).padStart(4)} s ${now}`);
      before = now;
    } catch (error) {
      say(`the API server could not be asked: ${messageOf(error)}`);
    }
    if (signal.aborted) return wrong.length === 0;
    await systemClock.sleep(2_000, signal);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

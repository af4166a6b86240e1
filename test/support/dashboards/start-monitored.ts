import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ruleFiles } from '../../../src/dashboards/rule-files.ts';
import { nodeObject } from '../cluster/node-object.ts';
import { startControlPlane } from '../control-plane.ts';
import { FakeKubelet } from '../kubelet/fake-kubelet.ts';
import { startProgram } from '../program.ts';
import { startPrometheus, type Prometheus } from '../prometheus.ts';
import { makeDataDir, type Service } from '../service.ts';
import { waitUntil } from '../wait-until.ts';
import { nodeWithoutDriver, simulatedNode, standinNode, type MonitoredNode } from './nodes.ts';

export interface Monitored {
  readonly prometheus: Prometheus;
  readonly collectors: readonly Service[];
  readonly controllers: readonly Service[];
  stop(): Promise<void>;
}

export interface MonitoredOptions {
  readonly progress?: (line: string) => void;
  /** How often the rules are evaluated; default as the files say. */
  readonly ruleInterval?: string;
}

const namespace = 'gpu-profiler';

/** Collectors on several kinds of nodes, kubelets that say who holds which GPU, two controllers, and a Prometheus with our rules that scrapes them as ours does. */
export async function startMonitored(options: MonitoredOptions = {}): Promise<Monitored> {
  const started: { stop(): Promise<void> | void }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  const add = async <Part extends { stop(): Promise<void> }>(
    what: string,
    starting: Promise<Part>,
  ): Promise<Part> => {
    options.progress?.(`starting ${what}`);
    const part = await starting;
    started.push(part);
    return part;
  };
  try {
    const folder = await makeDataDir('monitored');
    started.push({ stop: () => rm(folder, { recursive: true, force: true }) });
    const nodes = [
      await standinNode(join(folder, 'driver')),
      simulatedNode(),
      nodeWithoutDriver(folder),
    ];
    const { apiServer } = await add('etcd and kube-apiserver', startControlPlane());
    await apiServer.admin.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    const collectors: Service[] = [];
    for (const node of nodes) {
      await apiServer.admin.create('/api/v1/nodes', nodeObject(node.name, 4));
      const { collector, kubelet } = await startNode(node, folder, (part) =>
        add(`the collector of ${node.name}`, part),
      );
      started.push(kubelet);
      collectors.push(collector);
    }
    const prometheusFolder = join(folder, 'rules');
    await writeRules(prometheusFolder, options.ruleInterval);
    const controllers: Service[] = [];
    const config = (): object => scrapeConfig(prometheusFolder, nodes, collectors, controllers);
    const prometheus = await add('Prometheus', startPrometheus({ config: config() }));
    const kubeconfig = await apiServer.writeKubeconfig();
    for (const replica of [0, 1]) {
      const args = [
        `--prometheus.url=${prometheus.url}`,
        `--kubeconfig=${kubeconfig}`,
        `--lease.namespace=${namespace}`,
        '--interval=5s',
      ];
      controllers.push(
        await add(
          `controller ${replica}`,
          startProgram({ name: `controller-${replica}`, mode: 'controller', args }),
        ),
      );
    }
    await prometheus.reload(config());
    return { prometheus, collectors, controllers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startNode(
  node: MonitoredNode,
  folder: string,
  add: (part: Promise<Service>) => Promise<Service>,
): Promise<{ collector: Service; kubelet: FakeKubelet }> {
  const sockets = join(folder, node.name);
  await mkdir(sockets);
  const kubelet = new FakeKubelet(join(sockets, 'kubelet.sock'));
  // A node without pods has no kubelet that answers either.
  if (node.pods([]).length > 0) await kubelet.start();
  const collector = await add(
    startProgram({
      name: `collector-${node.name}`,
      mode: 'collector',
      args: [
        `--node-name=${node.name}`,
        `--pod-resources.socket=${kubelet.socket}`,
        '--pod-resources.interval=1s',
        ...node.args,
      ],
    }),
  );
  if (node.pods([]).length > 0) kubelet.pods(node.pods(await uuidsOf(collector)));
  return { collector, kubelet };
}

async function uuidsOf(collector: Service): Promise<readonly string[]> {
  let uuids: string[] = [];
  await waitUntil(
    async () => {
      const text = await (await fetch(`${collector.url}/metrics`)).text();
      uuids = [...text.matchAll(/^gpu_up\{[^}]*uuid="([^"]+)"/gm)].map(([, uuid]) => uuid ?? '');
      return uuids.length > 0;
    },
    { what: 'GPUs of the collector', timeoutMs: 20_000 },
  );
  return uuids;
}

async function writeRules(folder: string, interval: string | undefined): Promise<void> {
  await mkdir(folder);
  for (const [name, text] of Object.entries(ruleFiles)) {
    const given = text();
    const rules =
      interval === undefined
        ? given
        : given.replaceAll(/interval: \d+[sm]/g, `interval: ${interval}`);
    await writeFile(join(folder, name), rules);
  }
}

/** As our Prometheus scrapes: labels of the series win, and the target says on which node it runs. */
function scrapeConfig(
  rules: string,
  nodes: readonly MonitoredNode[],
  collectors: readonly Service[],
  controllers: readonly Service[],
): object {
  const target = ({ url }: Service, node: string, instance = node): object => ({
    targets: [new URL(url).host],
    labels: { node, instance },
  });
  const job = (name: string, targets: readonly object[]): object => ({
    job_name: name,
    honor_labels: true,
    static_configs: targets,
  });
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '5s' },
    rule_files: [join(rules, '*.yaml')],
    scrape_configs: [
      job(
        'gpu-profiler-collector',
        collectors.map((collector, index) => target(collector, nodes[index]?.name ?? '')),
      ),
      job(
        'gpu-profiler-controller',
        controllers.map((controller, index) =>
          target(controller, 'control-plane', `controller-${index}`),
        ),
      ),
    ],
  };
}

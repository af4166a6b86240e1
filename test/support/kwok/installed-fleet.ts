import type { ApiServer } from '../apiserver.ts';
import { isWrite, readAuditLog, type AuditEvent } from '../audit-log.ts';
import { domain, faults, type NodeAnnotations } from '../cluster/read-annotations.ts';
import { kubectl } from '../kubectl.ts';
import { waitUntil } from '../wait-until.ts';
import { expectedOnNode, uuidStem } from './fleet-plan.ts';
import { followRestart, type RollingRestart } from './rolling-restart.ts';
import { gpuNodeName } from './simulated-nodes.ts';

interface List<Item> {
  readonly items: readonly Item[];
}

interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Pod {
  readonly metadata: Metadata;
  readonly spec: { readonly nodeName?: string };
}

/** What the API server says about the release and its nodes. */
export class InstalledFleet {
  readonly #apiServer: ApiServer;
  readonly #namespace: string;

  constructor(apiServer: ApiServer, namespace: string) {
    this.#apiServer = apiServer;
    this.#namespace = namespace;
  }

  /** Waits until the DaemonSet's pods are all there, ready and of the newest template. */
  async rolledOut(timeoutMs = 180_000): Promise<void> {
    await kubectl(
      this.#apiServer,
      [
        `--namespace=${this.#namespace}`,
        'rollout',
        'status',
        `--selector=app.kubernetes.io/component=collector`,
        'daemonset',
        `--timeout=${timeoutMs / 1000}s`,
      ],
      undefined,
      timeoutMs + 10_000,
    );
  }

  /** Waits until exactly these nodes have a collector, one each; with `others` also further ones may have one. */
  async collectorsOn(
    wanted: readonly string[],
    { timeoutMs, others = false }: { timeoutMs: number; others?: boolean },
  ): Promise<void> {
    let wrong: string[] = [];
    await waitUntil(
      async () => {
        const pods = await this.#podsOf('collector');
        const on = pods.map(({ spec }) => spec.nodeName ?? 'no node');
        const found = others ? on.filter((name) => wanted.includes(name)) : on;
        wrong = differences(found, wanted);
        return wrong.length === 0;
      },
      {
        what: `a collector on each of ${wanted.length} nodes and nowhere else`,
        timeoutMs,
        everyMs: 1000,
        context: () => listed(wrong),
      },
    );
  }

  /** Collectors on any node. */
  async collectors(): Promise<number> {
    return (await this.#podsOf('collector')).length;
  }

  /** Waits until every GPU of these nodes is annotated rightly. */
  async annotated(indices: readonly number[], timeoutMs: number): Promise<void> {
    let wrong: string[] = [];
    await waitUntil(
      async () => {
        wrong = await this.faults(indices);
        return wrong.length === 0;
      },
      {
        what: `right annotations on ${indices.length} nodes`,
        timeoutMs,
        everyMs: 2000,
        context: () => listed(wrong),
      },
    );
  }

  /** Follows a DaemonSet that has just been changed until all its pods are new. */
  restarted(name: string, timeoutMs: number): Promise<RollingRestart> {
    return followRestart(this.#apiServer, { namespace: this.#namespace, name, timeoutMs });
  }

  /** Waits until somebody has scaled a Deployment to nothing. */
  async scaledToZero(name: string): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${this.#namespace}/deployments/${name}`;
    await waitUntil(
      async () =>
        (await this.#apiServer.admin.get<{ spec: { replicas: number } }>(path)).spec.replicas === 0,
      { what: `${name} scaled to zero`, timeoutMs: 120_000 },
    );
  }

  async nodesOf(component: string): Promise<{ name: string; zone: string | undefined }[]> {
    const pods = await this.#podsOf(component);
    const nodes = await this.#nodes();
    return pods.map(({ spec }) => {
      const name = spec.nodeName ?? '';
      return { name, zone: nodes.get(name)?.labels?.['topology.kubernetes.io/zone'] };
    });
  }

  /** What is wrong with the annotations of these GPU nodes, one line each. */
  async faults(indices: readonly number[]): Promise<string[]> {
    const nodes = await this.#nodes();
    return indices.flatMap((index) => {
      const name = gpuNodeName(index);
      const plan = { name, args: [], gpus: expectedOnNode(index) };
      const annotations = nodes.get(name)?.annotations ?? {};
      return [
        ...faults(plan, annotations, { periodsPublished: true }),
        ...foreignGpus(name, index, annotations),
      ];
    });
  }

  /** Keys of ours on any node: `node key`. */
  async ourKeys(): Promise<string[]> {
    const nodes = await this.#nodes();
    return [...nodes.values()].flatMap(({ name, annotations }) =>
      Object.keys(annotations ?? {})
        .filter((key) => key.startsWith(domain))
        .map((key) => `${name} ${key}`),
    );
  }

  /** Writes to nodes that service accounts of the release sent, since a time. */
  async nodeWrites(sinceMs = 0): Promise<AuditEvent[]> {
    const events = await readAuditLog(this.#apiServer.auditLog);
    return events.filter(
      (event) =>
        isWrite(event) &&
        event.objectRef?.resource === 'nodes' &&
        event.user.username.startsWith(`system:serviceaccount:${this.#namespace}:`) &&
        Date.parse(event.requestReceivedTimestamp) >= sinceMs,
    );
  }

  /**
   * What of a release is left in the cluster, of the kinds that the chart installs, and any Lease. Without pods, which
   * kube-controller-manager takes away at its own pace.
   */
  async objects(release: string): Promise<string[]> {
    const kinds = [
      'daemonsets,deployments,jobs,services,configmaps,serviceaccounts,roles,rolebindings,networkpolicies',
      'poddisruptionbudgets,clusterroles,clusterrolebindings',
      'validatingadmissionpolicies,validatingadmissionpolicybindings',
    ];
    const get = async (...args: readonly string[]): Promise<string[]> => {
      const found = await kubectl(this.#apiServer, ['get', ...args, '--output=name']);
      return found.split('\n').filter((line) => line !== '');
    };
    const selector = `--selector=app.kubernetes.io/instance=${release}`;
    return [
      ...(await get(kinds.join(','), '--all-namespaces', selector)),
      ...(await get('leases,secrets', `--namespace=${this.#namespace}`)),
    ];
  }

  async #podsOf(component: string): Promise<readonly Pod[]> {
    const path = `/api/v1/namespaces/${this.#namespace}/pods`;
    const selector = encodeURIComponent(`app.kubernetes.io/component=${component}`);
    const { items } = await this.#apiServer.admin.get<List<Pod>>(
      `${path}?labelSelector=${selector}`,
    );
    return items;
  }

  async #nodes(): Promise<ReadonlyMap<string, Metadata>> {
    const { items } =
      await this.#apiServer.admin.get<List<{ metadata: Metadata }>>('/api/v1/nodes');
    return new Map(items.map(({ metadata }) => [metadata.name, metadata]));
  }
}

/** GPUs in a node's profile that are not the node's own. */
function foreignGpus(node: string, index: number, annotations: NodeAnnotations): string[] {
  const text = annotations[`${domain}gpu-profile`] ?? '{"gpus":[]}';
  const { gpus } = JSON.parse(text) as { gpus: { i: number; uuid: string }[] };
  return gpus
    .filter(({ i, uuid }) => uuid !== `${uuidStem(index)}${i}`)
    .map(({ i, uuid }) => `${node} GPU ${i}: is ${uuid}`);
}

/** What is in only one of two lists, or twice in the first. */
function differences(found: readonly string[], wanted: readonly string[]): string[] {
  const present = new Set(found);
  const allowed = new Set(wanted);
  const seen = new Set<string>();
  const extra = found.filter((name) => !allowed.has(name) || seen.size === seen.add(name).size);
  return [
    ...wanted.filter((name) => !present.has(name)).map((name) => `none on ${name}`),
    ...extra.map((name) => `one too many on ${name}`),
  ];
}

function listed(wrong: readonly string[]): string {
  return `${wrong.length} wrong, such as\n${wrong.slice(0, 10).join('\n')}`;
}

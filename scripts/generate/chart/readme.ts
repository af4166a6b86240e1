import { code, table } from '../markdown.ts';
import type { ChartValue } from './values-file.ts';
import { chartValues } from './values-schema.ts';

const intro = `<!-- Made by \`npm run generate\` from values.yaml. Do not edit. -->

# Chart gpu-profiler

The collector on every GPU node, the controller that annotates the nodes, and a small Prometheus between them, or yours.

\`\`\`sh
helm install gpu-profiler charts/gpu-profiler --namespace gpu-profiler --create-namespace \\
  --set image.repository=registry.example/gpu-profiler
helm test gpu-profiler --namespace gpu-profiler
kubectl describe nodes | grep -E '^Name:|ai.centaurus.io'
\`\`\`

With a Prometheus that is there already, add \`--set prometheus.url=http://prometheus.monitoring:9090\`; with Prometheus Operator also
\`--set podMonitor.enabled=true,prometheusRule.enabled=true\`, with the sidecar of Grafana's chart \`--set dashboards.enabled=true\`. With dcgm-exporter in place of our
collectors: \`--set collector.enabled=false\`. To look around without a GPU: \`--set collector.config.source=simulated\`.

Several releases in one cluster do not get into each other's way, in one namespace or in several; give each its nodes (\`collector.nodeSelector\`,
\`controller.config.node-selector\`), since two controllers would write the same annotations.

## Pod Security

- Controller, test, cleanup: "restricted".
- Collector: "restricted" but for one folder of the node (and root as its owner, without any capability), see \`collector.podResources.enabled\`; "restricted" in full without it.
- Prometheus: "restricted", unless \`prometheus.hostPort\` is set.

So in a namespace that enforces a standard: \`--set collector.podResources.enabled=false\`, or the label \`pod-security.kubernetes.io/enforce: privileged\`.

| folder of the node | mounted | why |
|---|---|---|
| \`<kubeletPath>/pod-resources\` | read-only, where \`collector.podResources.enabled\` | the kubelet's socket in it tells which pod holds which GPU |
| \`collector.driver.hostPath\` | read-only, where set | the driver library, where no NVIDIA runtime mounts it |

## Uninstall

\`helm uninstall gpu-profiler --namespace gpu-profiler\` first runs a Job that stops the controller, removes exactly our annotations from all nodes, and takes the Lease away. Where it
fails, nothing is uninstalled, the controller stays stopped, and the log says what is left; run the uninstall again, give the annotations up with \`helm uninstall --no-hooks\`, or start the
controller again: \`kubectl -n gpu-profiler scale deployment gpu-profiler-controller --replicas=2\`.

## Values

\`values.schema.json\` refuses keys that are not here and values of the wrong form.
`;

/** charts/gpu-profiler/README.md: every value of the chart. */
export function chartReadme(): string {
  const values = chartValues();
  const single = values.filter(({ children }) => children === undefined);
  const sections = values.filter(({ children }) => children !== undefined);
  const parts = sections.map((section) => {
    const words = section.description === '' ? '' : `${section.description}\n\n`;
    return `### ${section.path.join('.')}\n\n${words}${valueTable(section.children ?? [])}\n`;
  });
  return [intro, valueTable(single), '', ...parts].join('\n');
}

function valueTable(values: readonly ChartValue[]): string {
  return table(['key', 'default', 'what it does'], values.flatMap(rowsOf));
}

function rowsOf(value: ChartValue): string[][] {
  const { path, children, description, fallback } = value;
  const key = code(path.join('.'));
  if (children === undefined) return [[key, code(defaultText(fallback)), description]];
  const head = description === '' ? [] : [[key, '', description]];
  return [...head, ...children.flatMap(rowsOf)];
}

function defaultText(fallback: unknown): string {
  return fallback === ''
    ? "''"
    : typeof fallback === 'string'
      ? fallback
      : JSON.stringify(fallback);
}

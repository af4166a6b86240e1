import { join } from 'node:path';
import { failureOf, runCommand } from '../../test/support/parts/run-command.ts';
import { chart, namespace, release, root, type Manifest } from './list.ts';

/** The oldest Kubernetes that knows every kind in them. */
const kubeVersion = '1.30.0';

/** A manifest as `kubectl apply` takes it: what Helm renders, without what is Helm's. */
export async function renderManifest(helm: string, manifest: Manifest): Promise<string> {
  const { file, words, only } = manifest;
  const args = [
    'template',
    release,
    chart,
    `--namespace=${namespace}`,
    `--kube-version=${kubeVersion}`,
    `--values=${join(root, 'manifests', 'values', file)}`,
    ...(only === undefined ? ['--no-hooks'] : only.map((path) => `--show-only=${path}`)),
  ];
  const rendered = await runCommand(helm, args, { timeoutMs: 60_000 });
  if (rendered.code !== 0) throw new Error(`helm template for ${file}: ${failureOf(rendered)}`);
  const objects = rendered.stdout.split(/^---$/m).map(withoutHelm).filter(Boolean);
  const [title = '', ...commands] = words;
  const head = [
    `# ${title}`,
    ...commands.map((line) => `#   ${line}`),
    `# Made by \`npm run manifests\` from charts/gpu-profiler with manifests/values/${file}. Do not edit.`,
  ];
  return `${head.join('\n')}\n${[namespaceObject, ...objects].join('---\n')}`;
}

/** The same in each of them, so that they may be applied in any order. */
const namespaceObject = `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    # The collector mounts a folder of the kubelet, and Prometheus takes a port of its node: both beyond "baseline".
    pod-security.kubernetes.io/enforce: privileged
`;

/** Drops the lines that name the template, Helm as the manager, the chart and hooks, and annotations that thereby hold nothing. */
function withoutHelm(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !/^# Source: |^\s+(helm\.sh\/|app\.kubernetes\.io\/managed-by: )/.test(line));
  const kept = lines.filter((line, index) => {
    const next = lines[index + 1] ?? '';
    return !(/^\s*annotations:$/.test(line) && indentOf(next) <= indentOf(line));
  });
  const body = kept.join('\n').trim();
  return body === '' ? '' : `${body}\n`;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

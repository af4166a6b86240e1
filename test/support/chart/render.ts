import { loadAll } from 'js-yaml';
import { chart } from '../helm.ts';
import { findPart } from '../parts/find-part.ts';
import { failureOf, runCommand, type CommandResult } from '../parts/run-command.ts';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

export interface RenderOptions {
  readonly release?: string;
  readonly namespace?: string;
  /** As in a file of --values. */
  readonly values?: object;
  readonly kubeVersion?: string;
  /** `hooks: false` leaves out what only an uninstall or a test installs. */
  readonly hooks?: boolean;
}

/** What the chart renders to, as text. @throws {Error} with what Helm said. */
export async function renderText(options: RenderOptions = {}): Promise<string> {
  const result = await template(options);
  if (result.code !== 0) throw new Error(`helm template: ${failureOf(result)}`);
  return result.stdout;
}

export async function render(options: RenderOptions = {}): Promise<KubernetesObject[]> {
  return objectsIn(await renderText(options));
}

/** The objects of a YAML stream. */
export function objectsIn(text: string): KubernetesObject[] {
  const documents = loadAll(text) as (KubernetesObject | null)[];
  return documents.filter((object) => object !== null);
}

/** What Helm says about values that it has to refuse. @throws {Error} when it takes them. */
export async function renderRefusal(options: RenderOptions): Promise<string> {
  const result = await template(options);
  if (result.code === 0) throw new Error('Helm took the values');
  return result.stderr;
}

async function template(options: RenderOptions): Promise<CommandResult> {
  const { release = 'gpu-profiler', namespace = 'gpu-profiler', values = {} } = options;
  const args = ['template', release, chart, `--namespace=${namespace}`, '--values=-'];
  args.push(`--kube-version=${options.kubeVersion ?? '1.36.0'}`);
  if (options.hooks === false) args.push('--no-hooks');
  return runCommand(await findPart('helm'), args, {
    timeoutMs: 60_000,
    // JSON is YAML.
    input: JSON.stringify(values),
  });
}

import type { Loaded } from '../../../src/config/load.ts';
import { modes, type Mode } from '../../../src/config/option-spec.ts';
import { load, type Given } from '../load-config.ts';
import type { KubernetesObject } from './render.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly containerPort: number; readonly hostPort?: number }[];
  readonly livenessProbe?: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly Container[];
  readonly volumes?: readonly {
    readonly name: string;
    readonly configMap?: { readonly name: string };
    readonly hostPath?: { readonly path: string };
  }[];
  readonly affinity?: object;
}

export interface PodOf {
  /** `DaemonSet/gpu-profiler-collector`. */
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

interface Owner {
  readonly spec?: { readonly template?: PodTemplate };
}
interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

/** The pods that the objects would make. */
export function podsOf(objects: readonly KubernetesObject[]): readonly PodOf[] {
  return objects.flatMap((object) => {
    const owner = `${object.kind}/${object.metadata.name}`;
    if (object.kind === 'Pod') {
      const spec = object['spec'] as PodSpec;
      return [{ owner, labels: object.metadata.labels ?? {}, spec }];
    }
    const template = (object as Owner).spec?.template;
    return template === undefined
      ? []
      : [{ owner, labels: template.metadata.labels, spec: template.spec }];
  });
}

/** The command of gpu-profiler that a container runs; undefined: another program. */
export function modeOf({ args }: Container): Mode | undefined {
  return modes.find((name) => name === args?.[0]);
}

/** What a container gives to gpu-profiler: flags, environment and the file of its ConfigMap. */
export function givenTo(
  container: Container,
  { spec }: PodOf,
  objects: readonly KubernetesObject[],
): Given {
  const flags = container.args.slice(1).filter((flag) => !flag.startsWith('--config.file='));
  // What comes from a field of the pod is a name.
  const env = Object.fromEntries(
    (container.env ?? []).map(({ name, value }) => [name, value ?? 'name']),
  );
  if (flags.length === container.args.length - 1) return { argv: flags, env };
  const volume = spec.volumes?.find(({ name }) => name === 'config')?.configMap?.name;
  const map = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume,
  );
  const yaml = (map?.['data'] as Record<string, string> | undefined)?.['config.yaml'];
  if (yaml === undefined) throw new Error(`no ConfigMap holds the file of ${container.name}`);
  return { argv: flags, env, yaml };
}

/** The settings with which gpu-profiler starts in a container; throws what it says when it refuses. */
export async function settingsIn(
  container: Container,
  pod: PodOf,
  objects: readonly KubernetesObject[],
): Promise<Loaded<Mode>> {
  const mode = modeOf(container);
  if (mode === undefined) throw new Error(`${container.name} does not run gpu-profiler`);
  return load<Mode>(mode, givenTo(container, pod, objects));
}

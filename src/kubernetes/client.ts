import { readFile, stat } from 'node:fs/promises';
import type { Agent, RequestOptions } from 'node:https';

import { KubeConfig, loadYaml } from '@kubernetes/client-node';

import { messageOf } from '../lib/errors.ts';
import { ApiError } from './api-error.ts';

/** What to show the API server, valid now. */
export interface Credentials {
  /** Scheme, host, port and base path of the API server. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** Where the kubeconfig names a proxy: the agent that goes through it. */
  readonly proxyAgent?: Agent;
}

/** The one door to @kubernetes/client-node: it reads kubeconfigs, service accounts, exec and OIDC plugins; requests are our own. */
export interface ClusterAccess {
  /** Reads everything anew: certificates and token from their files, plugins when their answer has expired. */
  load(): Promise<Credentials>;
  /** Forgets what plugins answered, after the server refused it. */
  forget(): void;
  /** Namespace of the pod or of the kubeconfig's context; null where neither says one. */
  namespace(): Promise<string | null>;
}

export interface ClusterAccessOptions {
  /** Unset: $KUBECONFIG, ~/.kube/config, then the pod's service account. */
  readonly kubeconfigFile: string | null;
  readonly context: string | null;
}

/** Access as the kubeconfig describes it. Failures are ApiError `bad_kubeconfig` (nothing usable) or `credentials` (a file or plugin failed, may heal). */
export function createClusterAccess(options: ClusterAccessOptions): ClusterAccess {
  let config: KubeConfig | undefined;
  let fileMtimeMs = 0;

  const current = async (): Promise<KubeConfig> => {
    const mtimeMs =
      options.kubeconfigFile === null ? 0 : await modifiedMs(options.kubeconfigFile, config);
    if (config === undefined || mtimeMs !== fileMtimeMs) {
      config = await loadConfig(options);
      fileMtimeMs = mtimeMs;
    }
    return config;
  };

  return {
    load: async () => credentialsOf(await current()),
    forget: () => {
      config = undefined;
    },
    namespace: async () => {
      const kubeConfig = await current();
      const namespace = kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace;
      return namespace === undefined || namespace.trim() === '' ? null : namespace.trim();
    },
  };
}

/** A kubeconfig that vanishes for a moment while it is replaced is not an error as long as one is loaded. */
async function modifiedMs(file: string, loaded: KubeConfig | undefined): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (loaded !== undefined) {
      throw new ApiError('credentials', `cannot read the kubeconfig ${file}`, { cause: error });
    }
    throw badKubeconfig(file, error);
  }
}

async function loadConfig({ kubeconfigFile, context }: ClusterAccessOptions): Promise<KubeConfig> {
  const config = new KubeConfig();
  try {
    if (kubeconfigFile === null) config.loadFromDefault();
    else {
      config.loadFromFile(kubeconfigFile);
      addTokenFiles(config, await readFile(kubeconfigFile, 'utf8'));
    }
  } catch (error) {
    throw badKubeconfig(kubeconfigFile ?? '(default)', error);
  }
  if (context !== null) selectContext(config, context);
  // client-node refuses http (as of kubectl proxy) unless certificates are not checked; there are none to check.
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw badKubeconfig(kubeconfigFile ?? '(default)', 'it selects no cluster');
  }
  if (kubeconfigFile === null && cluster.server === 'http://localhost:8080') {
    throw new ApiError('bad_kubeconfig', 'no Kubernetes cluster is configured', {
      hint: 'Give --kubeconfig FILE (or set KUBECONFIG), or run in a pod with a service account. Without a cluster, `gpu-profiler standalone` shows the same verdicts.',
    });
  }
  return config;
}

function selectContext(config: KubeConfig, context: string): void {
  if (config.getContextObject(context) === null) {
    const known = config.getContexts().map(({ name }) => name);
    throw new ApiError('bad_kubeconfig', `the kubeconfig has no context "${context}"`, {
      hint: `It has: ${known.join(', ') || 'none'}.`,
    });
  }
  config.setCurrentContext(context);
}

/** `tokenFile` of a user is standard but not read by client-node 2.0; it becomes the provider it uses for service accounts. */
function addTokenFiles(config: KubeConfig, text: string): void {
  const raw = loadYaml<{ users?: { name?: string; user?: { tokenFile?: unknown } | null }[] }>(
    text,
  );
  const files = new Map(
    (raw.users ?? []).flatMap(({ name, user }) =>
      typeof user?.tokenFile === 'string' ? [[name, user.tokenFile] as const] : [],
    ),
  );
  config.users = config.users.map((user) => {
    const tokenFile = files.get(user.name);
    if (tokenFile === undefined) return user;
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const cluster = config.getCurrentCluster();
  const request: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(request);
  } catch (error) {
    throw new ApiError('credentials', `cannot get credentials: ${messageOf(error)}`, {
      cause: error,
      hint: 'Check the certificate, key and token files (or the exec plugin) that the kubeconfig names.',
    });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name] = String(value);
  if (typeof request.auth === 'string') {
    headers['Authorization'] = `Basic ${Buffer.from(request.auth).toString('base64')}`;
  }
  if (headers['Authorization'] !== undefined)
    headers['Authorization'] = headers['Authorization'].trim();
  return {
    server: cluster?.server ?? '',
    headers,
    tls: {
      ...text('ca', request.ca),
      ...text('cert', request.cert),
      ...text('key', request.key),
      ...(request.servername === undefined ? {} : { servername: request.servername }),
      ...(request.rejectUnauthorized === undefined
        ? {}
        : { rejectUnauthorized: request.rejectUnauthorized }),
    },
    ...(cluster?.proxyUrl === undefined || cluster.proxyUrl === null
      ? {}
      : { proxyAgent: request.agent as Agent }),
  };
}

function text<Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> {
  if (typeof value === 'string') return { [key]: value } as Record<Key, string>;
  if (Buffer.isBuffer(value)) return { [key]: value.toString('utf8') } as Record<Key, string>;
  return {};
}

function badKubeconfig(file: string, cause: unknown): ApiError {
  return new ApiError('bad_kubeconfig', `cannot use the kubeconfig ${file}: ${messageOf(cause)}`, {
    cause,
    hint: 'Check the file given with --kubeconfig and its current-context.',
  });
}

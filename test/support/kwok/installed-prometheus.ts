import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { ApiServer } from '../apiserver.ts';
import { startPrometheus, type Prometheus } from '../prometheus.ts';
import { serviceAccountAccess } from './service-account.ts';

export interface InstalledPrometheus {
  readonly prometheus: Prometheus;
  stop(): Promise<void>;
}

export interface InstalledPrometheusOptions {
  readonly namespace: string;
  /** Of its ConfigMaps and of its service account. */
  readonly name: string;
  /** Scrapes of pods go through it. */
  readonly proxyUrl: string;
}

interface Config {
  rule_files: string[];
  scrape_configs: ScrapeConfig[];
}

interface ScrapeConfig {
  readonly job_name: string;
  readonly kubernetes_sd_configs?: object[];
}

/**
 * The Prometheus that the chart installs, as a process of this machine: configuration, rules and rights are what the chart
 * put into the cluster. What is added is what a pod finds around it (the API server, a token) and the way to its targets.
 */
export async function startInstalledPrometheus(
  apiServer: ApiServer,
  options: InstalledPrometheusOptions,
): Promise<InstalledPrometheus> {
  const { namespace, name } = options;
  const folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-prometheus-config-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const files = await configMap(apiServer, namespace, name);
    const config = load(files['prometheus.yml'] ?? '') as Config;
    await mkdir(join(folder, 'rules'));
    for (const [file, text] of Object.entries(
      await configMap(apiServer, namespace, `${name}-rules`),
    ))
      await writeFile(join(folder, 'rules', file), text);
    const access = await serviceAccountAccess(apiServer, namespace, name);
    const surroundings = {
      api_server: access.url,
      authorization: { credentials_file: join(folder, 'token') },
      tls_config: { ca_file: join(folder, 'ca.crt') },
    };
    await writeFile(join(folder, 'token'), access.token, { mode: 0o600 });
    await writeFile(join(folder, 'ca.crt'), access.ca);
    const prometheus = await startPrometheus({
      part: 'prometheus-kubernetes',
      config: {
        ...config,
        rule_files: [join(folder, 'rules', '*.yaml')],
        scrape_configs: config.scrape_configs
          .filter((job) => job.kubernetes_sd_configs !== undefined)
          .map((job) => ({
            ...job,
            proxy_url: options.proxyUrl,
            kubernetes_sd_configs: job.kubernetes_sd_configs?.map((found) => ({
              ...found,
              ...surroundings,
            })),
          })),
      },
    });
    return {
      prometheus,
      stop: async () => {
        await prometheus.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function configMap(
  apiServer: ApiServer,
  namespace: string,
  name: string,
): Promise<Record<string, string>> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  return (await apiServer.admin.get<{ data: Record<string, string> }>(path)).data;
}

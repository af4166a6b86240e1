import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { ApiServer } from '../apiserver.ts';
import { startPrometheus, type Prometheus } from '../prometheus.ts';
import { serviceAccountAccess } from './service-account.ts';

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
  { namespace, name, proxyUrl }: InstalledPrometheusOptions,
): Promise<Prometheus> {
  // In the API server's folder, which goes with it in any case.
  const folder = join(apiServer.dataDir, 'prometheus');
  const write = (file: string, text: string): Promise<void> => writeFile(join(folder, file), text);
  await mkdir(join(folder, 'rules'), { recursive: true });
  const { 'prometheus.yml': text = '' } = await configMap(apiServer, namespace, name);
  for (const [file, rules] of Object.entries(
    await configMap(apiServer, namespace, `${name}-rules`),
  ))
    await write(join('rules', file), rules);
  const access = await serviceAccountAccess(apiServer, namespace, name);
  await write('token', access.token);
  await write('ca.crt', access.ca);
  const surroundings = {
    api_server: access.url,
    authorization: { credentials_file: join(folder, 'token') },
    tls_config: { ca_file: join(folder, 'ca.crt') },
  };
  const config = load(text) as Config;
  return startPrometheus({
    part: 'prometheus-kubernetes',
    config: {
      ...config,
      rule_files: [join(folder, 'rules', '*.yaml')],
      scrape_configs: config.scrape_configs
        .filter((job) => job.kubernetes_sd_configs !== undefined)
        .map((job) => ({
          ...job,
          proxy_url: proxyUrl,
          kubernetes_sd_configs: job.kubernetes_sd_configs?.map((found) => ({
            ...found,
            ...surroundings,
          })),
        })),
    },
  });
}

async function configMap(
  apiServer: ApiServer,
  namespace: string,
  name: string,
): Promise<Record<string, string>> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  return (await apiServer.admin.get<{ data: Record<string, string> }>(path)).data;
}

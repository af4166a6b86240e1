import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPart } from './parts/find-part.ts';
import { freePort } from './port.ts';
import { answersOk, makeDataDir, Service, startService, type ServiceOptions } from './service.ts';

export interface PrometheusOptions {
  /** Default: `prometheus`. The other one finds targets by asking an API server. */
  readonly part?: 'prometheus' | 'prometheus-kubernetes';
  /** Prometheus' configuration as an object (written as JSON, which is YAML) or as YAML text. */
  readonly config: object | string;
  /** `--storage.tsdb.retention.time`, default 1d. */
  readonly retention?: string;
  /** Default: a free one. */
  readonly port?: number;
  readonly extraArgs?: readonly string[];
}

/** A real Prometheus; `halt` and `start` keep port and data. */
export class Prometheus extends Service {
  readonly configFile: string;

  constructor(options: ServiceOptions, configFile: string) {
    super(options);
    this.configFile = configFile;
  }

  /** Writes a new configuration and has Prometheus load it. */
  async reload(config: object | string): Promise<void> {
    await writeConfig(this.configFile, config);
    const response = await fetch(`${this.url}/-/reload`, { method: 'POST' });
    if (!response.ok) throw new Error(`reload: ${response.status} ${await response.text()}`);
  }

  /** Evaluates an instant query; returns `data.result`. */
  async query(promql: string): Promise<PromResult[]> {
    const response = await fetch(`${this.url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: promql }),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json()) as {
      status: string;
      error?: string;
      data?: { result: PromResult[] };
    };
    if (answer.data === undefined) throw new Error(`${promql}: ${answer.error ?? answer.status}`);
    return answer.data.result;
  }
}

/** One sample of a vector: time in seconds and the value as text. */
export interface PromResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** Starts Prometheus on 127.0.0.1 with its life-cycle API on, and waits until it is ready. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const command = await findPart(options.part ?? 'prometheus');
  const dataDir = await makeDataDir('prometheus');
  const configFile = join(dataDir, 'prometheus.yml');
  await writeConfig(configFile, options.config);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const service: ServiceOptions = {
    name: 'prometheus',
    url,
    command,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(dataDir, 'data')}`,
      `--storage.tsdb.retention.time=${options.retention ?? '1d'}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      ...(options.extraArgs ?? []),
    ],
    dataDir,
    isReady: () => answersOk(`${url}/-/ready`),
  };
  return startService(new Prometheus(service, configFile));
}

/** A scrape configuration for fixed targets (`HOST:PORT`), one job per name. */
export function scrapeConfig(
  jobs: Readonly<Record<string, readonly string[]>>,
  intervals: { readonly scrape: string; readonly timeout?: string },
): object {
  return {
    global: {
      scrape_interval: intervals.scrape,
      scrape_timeout: intervals.timeout ?? intervals.scrape,
    },
    scrape_configs: Object.entries(jobs).map(([job, targets]) => ({
      job_name: job,
      static_configs: [{ targets }],
    })),
  };
}

async function writeConfig(file: string, config: object | string): Promise<void> {
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
}

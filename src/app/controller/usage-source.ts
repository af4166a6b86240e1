import type { Settings } from '../../config/options.ts';
import { createPrometheusUsage } from '../../controller/prometheus-usage.ts';
import type { UsageSource } from '../../controller/usage-source.ts';
import type { Clock } from '../../lib/clock.ts';
import { createPrometheusClient, type PrometheusClient } from '../../prometheus/client.ts';

export interface UsageParts {
  readonly client: PrometheusClient;
  readonly source: UsageSource;
}

/** The client as the settings describe it. */
export function createClient(
  settings: Settings<'controller' | 'analyze'> & { readonly 'prometheus.url': string },
  clock: Clock,
): PrometheusClient {
  const username = settings['prometheus.basic-auth.username'];
  const passwordFile = settings['prometheus.basic-auth.password-file'];
  return createPrometheusClient(
    {
      url: settings['prometheus.url'],
      timeoutMs: settings['prometheus.timeout'],
      maxBodyBytes: settings['prometheus.max-body-bytes'],
      maxConnections: settings['prometheus.in-flight'],
      bearerTokenFile: settings['prometheus.bearer-token-file'],
      basicAuth:
        username === null || passwordFile === null ? undefined : { username, passwordFile },
      caFile: settings['prometheus.ca-file'],
      certFile: settings['prometheus.cert-file'],
      keyFile: settings['prometheus.key-file'],
      insecureSkipVerify: settings['prometheus.insecure-skip-verify'],
      headers: headersOf(settings['prometheus.headers'] ?? []),
    },
    clock,
  );
}

/** Usage out of Prometheus, as the settings describe it. */
export function createUsage(settings: Settings<'controller'>, clock: Clock): UsageParts {
  const client = createClient(settings, clock);
  const source = createPrometheusUsage({
    client,
    dialects: settings.dialects,
    nodeLabels: settings['node.labels'],
    windowMs: settings.window,
    inFlight: settings['prometheus.in-flight'],
    shardBytes: settings['prometheus.shard-bytes'],
    // Before the TTL, so that a GPU that was taken out is forgotten then and does not become Unknown first.
    goneAfterMs: Math.min(10 * 60_000, settings.ttl / 2),
    clock,
  });
  return { client, source };
}

/** `Name=value` items; their form was checked with the settings. */
function headersOf(items: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    items.map((item) => {
      const end = item.indexOf('=');
      return [item.slice(0, end), item.slice(end + 1)];
    }),
  );
}

import { serverModes, type OptionTable } from '../option-spec.ts';

const familyPattern = {
  pattern: '^[A-Za-z_*][A-Za-z0-9_*]*$',
  form: 'a name of metrics, * for any characters',
};
const modes = ['collector', 'standalone'] as const;

/** How readings become windows, verdicts, metrics and pages. */
export const observationOptions = {
  'sampling.interval': {
    type: 'duration',
    default: '200ms',
    min: '20ms',
    max: '1m',
    group: 'Sampling and analysis',
    modes,
    description:
      'Mean time between two samples of utilisation where the driver keeps no history of its own. Each wait is drawn at random around it, so that a workload in step with the sampling cannot hide.',
  },
  'sampling.history': {
    type: 'duration',
    default: '10m',
    min: '1m',
    max: '2h',
    group: 'Sampling and analysis',
    modes,
    description:
      'How far back samples are kept in memory. The analysis sees this much; periods up to about a third of it can be found.',
  },
  'analysis.enabled': {
    type: 'boolean',
    default: true,
    group: 'Sampling and analysis',
    modes: ['collector'],
    description:
      'Decide usage patterns on the node and publish them. The samples here are denser than what Prometheus keeps, so the controller prefers this verdict to its own.',
  },
  'analysis.interval': {
    type: 'duration',
    default: '10s',
    defaultIn: { standalone: '5s' },
    min: '1s',
    max: '1h',
    group: 'Sampling and analysis',
    modes,
    description:
      'How often patterns are decided anew; one that has stood for two minutes is examined every 30 s. In standalone this is the cycle of --json.',
  },
  'metrics.dialects': {
    type: 'list',
    values: ['native', 'dcgm'],
    default: ['native'],
    group: 'Metrics',
    modes,
    description:
      'Families of names on /metrics. native: gpu_…, see docs/METRICS.md. dcgm: the same readings under the names, labels and units of dcgm-exporter (DCGM_FI_…), for dashboards that exist already.',
  },
  'metrics.include': {
    type: 'list',
    default: [],
    item: familyPattern,
    group: 'Metrics',
    modes: serverModes,
    description:
      'Families shown on /metrics, by name, with * for any characters (gpu_up,gpu_utilization_*); empty: all. docs/METRICS.md has the names. The controller needs gpu_usage_*, gpu_info, gpu_up and the readings behind them of its collectors.',
  },
  'metrics.exclude': {
    type: 'list',
    default: [],
    item: familyPattern,
    group: 'Metrics',
    modes: serverModes,
    description:
      'Families left out of /metrics, by name, with * for any characters, such as gpu_pcie_*. Goes over metrics.include.',
  },
  'metrics.window': {
    type: 'duration',
    default: '30s',
    min: '1s',
    max: '10m',
    group: 'Metrics',
    modes,
    description:
      'Window of the mean and maximum of utilisation on /metrics. No shorter than the scrape interval, or bursts between two scrapes are lost.',
  },
  'web.listen-address': {
    type: 'address',
    default: ':9876',
    defaultIn: { controller: ':9877', standalone: '127.0.0.1:9876' },
    group: 'Web',
    modes: serverModes,
    description:
      'Where metrics, health and pages are served, HOST:PORT. Without a host: on all addresses. Port 0: any free port; the one taken is in the first log line.',
  },
  'web.config.file': {
    type: 'file',
    default: null,
    group: 'Web',
    modes: serverModes,
    description:
      'TLS and basic auth of what is served: a YAML file in the web configuration format of the Prometheus exporters (`tls_server_config`, `basic_auth_users`). Read anew when it or a file it names changes. /healthz and /readyz ask for no password, so that probes work. Without it: plain HTTP, open for reading.',
  },
} as const satisfies OptionTable;

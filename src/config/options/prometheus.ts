import type { OptionTable } from '../option-spec.ts';

const modes = ['controller', 'analyze'] as const;
const group = 'Prometheus';

export const prometheusOptions = {
  'prometheus.url': {
    type: 'url',
    default: null,
    requiredIn: ['controller'],
    flagAliases: ['prometheus'],
    group,
    modes,
    description:
      'Prometheus, or anything that answers its query API (Thanos, Mimir, VictoriaMetrics), base path included: http://prometheus.monitoring:9090. As a flag also --prometheus.',
  },
  'prometheus.timeout': {
    type: 'duration',
    default: '30s',
    min: '100ms',
    max: '10m',
    group,
    modes,
    description: 'Time-out of one query.',
  },
  'prometheus.bearer-token-file': {
    type: 'file',
    default: null,
    group,
    modes,
    description: 'File with a bearer token, read again for each query, so that it may be rotated.',
  },
  'prometheus.basic-auth.username': {
    type: 'string',
    default: null,
    group,
    modes,
    description: 'User name for basic authentication.',
  },
  'prometheus.basic-auth.password-file': {
    type: 'file',
    default: null,
    group,
    modes,
    description: 'File with the password for basic authentication, read again for each query.',
  },
  'prometheus.ca-file': {
    type: 'file',
    default: null,
    group,
    modes,
    description:
      'PEM file with the certificate authorities to trust for Prometheus, in place of those of the system.',
  },
  'prometheus.cert-file': {
    type: 'file',
    default: null,
    group,
    modes,
    description: 'PEM file with the client certificate.',
  },
  'prometheus.key-file': {
    type: 'file',
    default: null,
    group,
    modes,
    description: 'PEM file with the key of the client certificate.',
  },
  'prometheus.insecure-skip-verify': {
    type: 'boolean',
    default: false,
    group,
    modes,
    description:
      'Accept any certificate. Anybody on the way can then invent GPU usage; prometheus.ca-file is nearly always the better answer.',
  },
  'prometheus.headers': {
    type: 'list',
    default: [],
    itemsPerLine: true,
    item: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+=[^\\r\\n]*$", form: 'Name=value' },
    secret: true,
    group,
    modes,
    description:
      'Headers to send with each query, Name=value, such as X-Scope-OrgID=tenant. Repeat the flag for several; in the environment one per line.',
  },
  'prometheus.max-body-bytes': {
    type: 'integer',
    default: 67108864,
    min: 65536,
    max: 2147483647,
    group,
    modes,
    description: 'A longer answer is cut off and counts as failed, which bounds memory.',
  },
  'prometheus.in-flight': {
    type: 'integer',
    default: 2,
    min: 1,
    max: 64,
    group,
    modes,
    description: 'Queries at the same time.',
  },
  'prometheus.shard-bytes': {
    type: 'integer',
    default: 1200000,
    min: 16384,
    max: 1073741824,
    group,
    modes,
    description:
      'Size of answer to aim at when a range query is split into shards. Small shards keep memory and the event loop flat; large ones need fewer queries.',
  },
  dialects: {
    type: 'enum',
    values: ['auto', 'native', 'dcgm'],
    default: 'auto',
    group,
    modes,
    description:
      'Which families are read: native (gpu_…, of this collector), dcgm (DCGM_FI_…, of dcgm-exporter), auto: for each GPU the native ones where they are, else dcgm.',
  },
  'node.labels': {
    type: 'list',
    default: ['node', 'Hostname', 'hostname', 'kubernetes_node', 'instance'],
    item: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$', form: 'a Prometheus label name' },
    group,
    modes,
    description:
      'Labels of a series that may name its node, tried in this order; the first whose value is a known node wins (a port is taken off). Series that match no node are logged and counted.',
  },
} as const satisfies OptionTable;

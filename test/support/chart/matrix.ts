import { pairwise, type Row } from './pairwise.ts';
import type { RenderOptions } from './render.ts';

/** Namespaces that some of the rows name. */
export const namespaces = ['gpu-profiler', 'monitoring', 'gpu-operator'];

const toleration = { key: 'pool', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' };
const fullProbe = { initialDelaySeconds: 5, periodSeconds: 20, timeoutSeconds: 9 };
const nodeAffinity = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'Exists' }] }],
    },
  },
};
const extras = {
  env: [
    { name: 'EXTRA', value: 'x' },
    { name: 'FROM', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ],
  extraVolumes: [{ name: 'extra', emptyDir: {} }],
  extraVolumeMounts: [{ name: 'extra', mountPath: '/extra' }],
  extraContainers: [{ name: 'beside', image: 'beside:1' }],
  initContainers: [{ name: 'before', image: 'before:1' }],
  podLabels: { team: 'gpu' },
  podAnnotations: { note: 'yes' },
  annotations: { owner: 'me' },
  podSecurityContext: { supplementalGroups: [44] },
  nodeSelector: { pool: 'gpu' },
  tolerations: [toleration],
  affinity: nodeAffinity,
  resources: { requests: { cpu: '10m' }, limits: { memory: '1Gi', cpu: 1 } },
  livenessProbe: fullProbe,
  readinessProbe: fullProbe,
};

/** What may be set, and to what: each level is a part of the options that `helm template` gets. */
const levels: Readonly<Record<string, Readonly<Record<string, RenderOptions>>>> = {
  place: {
    own: {},
    elsewhere: { release: 'usage', namespace: 'monitoring' },
    renamed: { values: { nameOverride: 'usage', fullnameOverride: 'gpus' } },
  },
  kubernetes: { '1.36': {}, '1.25': { kubeVersion: '1.25.0' } },
  collector: {
    default: {},
    off: { values: { collector: { enabled: false } } },
    'without pod resources': { values: { collector: { podResources: { enabled: false } } } },
    'driver of the node': {
      values: {
        collector: {
          driver: { hostPath: '/home/kubernetes/bin/nvidia/lib64', privileged: true },
          kubeletPath: '/var/lib/k0s/kubelet',
        },
      },
    },
    everything: {
      values: {
        collector: {
          ...extras,
          port: 19876,
          hostNetwork: true,
          hostPID: true,
          runtimeClassName: 'nvidia',
          priorityClassName: 'system-node-critical',
          securityContext: { runAsGroup: null, readOnlyRootFilesystem: false },
          updateStrategy: { type: 'OnDelete', rollingUpdate: null },
        },
      },
    },
  },
  nodes: {
    auto: {},
    labelled: { values: { collector: { runOn: 'labelled' } } },
    all: { values: { collector: { runOn: 'all' } } },
  },
  controller: {
    default: {},
    off: { values: { controller: { enabled: false } } },
    bare: {
      values: {
        controller: {
          replicas: 1,
          topologySpread: [],
          podDisruptionBudget: { enabled: false },
          rbac: { create: false },
          nodeSelector: { 'kubernetes.io/os': null },
        },
      },
    },
    everything: {
      values: {
        controller: {
          ...extras,
          port: 19877,
          priorityClassName: 'system-cluster-critical',
          podDisruptionBudget: { maxUnavailable: '50%' },
          securityContext: { runAsUser: null, runAsGroup: null },
        },
      },
    },
  },
  config: {
    none: {},
    some: {
      values: {
        collector: {
          config: {
            sampling: { interval: '500ms' },
            metrics: { dialects: ['native', 'dcgm'] },
            log: { format: 'json' },
          },
          args: ['--log.level=debug'],
        },
        controller: {
          config: { interval: '1m', 'node-selector': 'pool in (gpu, gpu-large)' },
          args: ['--log.level=debug'],
        },
      },
    },
  },
  prometheus: {
    embedded: {},
    'embedded on the node': {
      values: {
        prometheus: {
          fullnameOverride: 'prometheus',
          hostPort: 9090,
          service: { type: 'NodePort', nodePort: 30090 },
          persistence: { enabled: true, storageClassName: 'fast' },
          dcgmExporter: { namespaces: ['gpu-operator', 'monitoring'] },
          alertmanagers: ['alertmanager.monitoring:9093'],
          externalLabels: { cluster: 'a' },
          extraScrapeConfigs: [{ job_name: 'x', static_configs: [{ targets: ['x:1'] }] }],
          args: ['--web.external-url=https://prometheus.example'],
          affinity: nodeAffinity,
          tolerations: [toleration],
        },
      },
    },
    'embedded without dcgm-exporter': {
      values: { prometheus: { dcgmExporter: { enabled: false }, retentionSize: '' } },
    },
    yours: { values: { prometheus: { url: 'http://prometheus.monitoring' } } },
    'yours with credentials': {
      values: {
        prometheus: {
          enabled: false,
          url: 'https://prometheus.example:8443/base',
          auth: {
            secretName: 'prometheus-access',
            username: 'gpu',
            passwordKey: 'password',
            caKey: 'ca.crt',
            certKey: 'tls.crt',
            keyKey: 'tls.key',
          },
        },
      },
    },
  },
  accounts: {
    made: {},
    given: {
      values: {
        collector: { serviceAccount: { create: false, name: 'given' } },
        controller: { serviceAccount: { create: false, name: 'given-too' } },
      },
    },
    named: {
      values: {
        collector: { serviceAccount: { name: 'named', annotations: { a: 'b' } } },
        controller: { serviceAccount: { name: 'named-too', annotations: { a: 'b' } } },
      },
    },
  },
  policy: {
    auto: {},
    on: { values: { controller: { admissionPolicy: { enabled: true } } } },
    off: { values: { controller: { admissionPolicy: { enabled: false } } } },
  },
  network: {
    default: {},
    off: { values: { networkPolicy: { enabled: false } } },
    narrow: {
      values: {
        networkPolicy: {
          from: [{ namespaceSelector: { matchLabels: { team: 'monitoring' } } }],
          apiServer: [{ ipBlock: { cidr: '10.0.0.1/32' } }],
          prometheus: [{ namespaceSelector: {} }],
          collectorEgress: [{ ports: [{ port: 9400, protocol: 'TCP' }] }],
        },
      },
    },
  },
  monitors: {
    none: {},
    'service monitors': {
      values: {
        serviceMonitor: {
          enabled: true,
          labels: { release: 'kube-prometheus-stack' },
          interval: '30s',
          scrapeTimeout: '10s',
          metricRelabelings: [{ action: 'drop', sourceLabels: ['x'], regex: 'y' }],
        },
      },
    },
    'pod monitors': {
      values: {
        podMonitor: {
          enabled: true,
          labels: { release: 'kube-prometheus-stack' },
          relabelings: [{ targetLabel: 'cluster', replacement: 'a' }],
        },
      },
    },
  },
  published: {
    nothing: {},
    'rules and dashboards': {
      values: {
        prometheusRule: { enabled: true, labels: { release: 'kube-prometheus-stack' } },
        dashboards: {
          enabled: true,
          namespace: 'monitoring',
          annotations: { grafana_folder: 'GPU' },
        },
      },
    },
  },
  image: {
    default: {},
    pinned: {
      values: {
        image: {
          repository: 'registry.example:5000/gpu-profiler',
          tag: 'v1',
          digest: `sha256:${'0'.repeat(64)}`,
          pullPolicy: 'Always',
        },
        imagePullSecrets: [{ name: 'registry' }],
        commonLabels: { team: 'gpu' },
        prometheus: { image: { repository: 'prometheus', tag: 'local', pullPolicy: 'Never' } },
      },
    },
  },
  hooks: {
    on: {},
    off: { values: { cleanup: { enabled: false }, test: { enabled: false } } },
  },
  more: {
    nothing: {},
    objects: {
      values: {
        extraObjects: [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}-more' } },
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}-text" }\n',
        ],
      },
    },
  },
};

/** A pairwise set of all of these. */
export const rows: readonly Row[] = pairwise(
  Object.fromEntries(Object.entries(levels).map(([name, of]) => [name, Object.keys(of)])),
);

export function optionsOf(row: Row): RenderOptions {
  return Object.entries(row).reduce<RenderOptions>(
    (all, [factor, level]) => merge(all, levels[factor]?.[level] ?? {}),
    {},
  );
}

/** The levels that are not a factor's first, which is the chart's default. */
export function nameOf(row: Row): string {
  const set = Object.entries(row).filter(([factor, level]) => {
    return level !== Object.keys(levels[factor] ?? {})[0];
  });
  return set.map(([factor, level]) => `${factor}: ${level}`).join(', ') || 'defaults';
}

function merge<T extends object>(a: T, b: T): T {
  const merged = Object.entries(b).map(([key, value]: [string, unknown]) => {
    const before: unknown = a[key as keyof T];
    return [key, isMapping(before) && isMapping(value) ? merge(before, value) : value];
  });
  return { ...a, ...(Object.fromEntries(merged) as T) };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Levels } from './levels.ts';
import { nodeAffinity, toleration } from './scheduling.ts';

/** Everything around collector and controller. */
export const surroundingLevels: Levels = {
  place: {
    own: {},
    elsewhere: { release: 'usage', namespace: 'monitoring' },
    'in another namespace, from a mirror': {
      release: 'usage',
      values: {
        namespaceOverride: 'monitoring',
        global: { imageRegistry: 'registry.example:5000/mirror' },
        collector: {
          service: { type: 'LoadBalancer', nodePort: 30_876, annotations: { a: 'b' } },
        },
      },
    },
    renamed: { values: { nameOverride: 'usage', fullnameOverride: 'gpus' } },
  },
  kubernetes: { '1.36': {}, '1.25': { kubeVersion: '1.25.0' } },
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
          prometheusPorts: [8443, 9090],
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
  web: {
    open: {},
    'basic auth': {
      values: {
        web: {
          secretName: 'web',
          scrape: { secretName: 'scrape', usernameKey: 'username', passwordKey: 'password' },
        },
      },
    },
    'TLS with certificates of clients': {
      values: {
        web: {
          secretName: 'web',
          file: 'web.yml',
          tls: true,
          clientCertificates: true,
          scrape: {
            secretName: 'scrape',
            caKey: 'ca.crt',
            serverName: 'gpu-profiler',
            certKey: 'tls.crt',
            keyKey: 'tls.key',
          },
        },
      },
    },
    'TLS, unverified': { values: { web: { secretName: 'web', tls: true } } },
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

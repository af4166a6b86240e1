import type { Levels } from './levels.ts';
import { nodeAffinity, toleration } from './scheduling.ts';

const fullProbe = { initialDelaySeconds: 5, periodSeconds: 20, timeoutSeconds: 9 };
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

/** Collector and controller. */
export const workloadLevels: Levels = {
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
};

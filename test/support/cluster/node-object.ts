/** A Node as a kubelet would have registered it, as far as the controller and kubectl look at it. */
export function nodeObject(name: string, gpuCount: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'nvidia.com/gpu.present': 'true',
      },
      // Somebody else's key under the same domain: it must stay as it is.
      annotations: { 'ai.centaurus.io/scheduler-hint': 'not ours' },
    },
    status: { capacity: { 'nvidia.com/gpu': String(gpuCount), cpu: '8', memory: '64Gi' } },
  };
}

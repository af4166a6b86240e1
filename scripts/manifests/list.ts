import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
export const chart = join(root, 'charts', 'gpu-profiler');

/** Of the manifests: their names are as if Helm had installed a release of this name here. */
export const release = 'gpu-profiler';
export const namespace = 'gpu-profiler';

export interface Manifest {
  /** In manifests/; the values are in the file of the same name in manifests/values/. */
  readonly file: string;
  /** What it is, for its first lines. */
  readonly words: readonly string[];
  /** Templates to take, those of Helm's own hooks among them; else all but hooks. */
  readonly only?: readonly string[];
}

export const manifests: readonly Manifest[] = [
  {
    file: 'prometheus-complete.yaml',
    words: [
      'Prometheus for gpu-profiler: scrapes its collectors and dcgm-exporter; web UI at port 9090 of the node it runs on.',
      'kubectl apply -f manifests/prometheus-complete.yaml',
    ],
  },
  {
    file: 'gpu-profiler.yaml',
    words: [
      'gpu-profiler: the collector on every GPU node and the controller that annotates nodes.',
      'kubectl apply -f manifests/gpu-profiler.yaml',
      'With another Prometheus than that of prometheus-complete.yaml: change GPU_PROFILER_PROMETHEUS_URL, and port 9090 in the NetworkPolicy of the controller.',
    ],
  },
  {
    file: 'gpu-profiler-dcgm.yaml',
    words: [
      'gpu-profiler for clusters that run dcgm-exporter and Prometheus already: the controller alone.',
      'kubectl apply -f manifests/gpu-profiler-dcgm.yaml',
      'Change GPU_PROFILER_PROMETHEUS_URL where your Prometheus has another address.',
    ],
  },
  {
    file: 'gpu-profiler-cleanup.yaml',
    words: [
      'The uninstall, first step: stops the controller and removes its annotations from all nodes.',
      'kubectl apply -f manifests/gpu-profiler-cleanup.yaml',
      'kubectl -n gpu-profiler wait --for=condition=complete --timeout=5m job/gpu-profiler-cleanup',
      'Then delete what you applied, this file too: kubectl delete --ignore-not-found -f … -f …',
    ],
    only: ['templates/cleanup/rbac.yaml', 'templates/cleanup/job.yaml'],
  },
];

import type { Command } from './command.ts';
import { runMode } from './run-mode.ts';

const intro = `
Usage: gpu-profiler controller --prometheus.url URL [flags]

Asks Prometheus about the GPUs of the cluster, decides how each is used, and writes that on the nodes as annotations
(kubectl describe node NAME | grep ai.centaurus.io). Several may run; one leads. A node is written only when something changed.

Examples:
  gpu-profiler controller --prometheus.url http://localhost:9090 --once --dry-run
      Look once and print what would be written, changing nothing. The best first step.
  gpu-profiler controller --prometheus.url http://prometheus.monitoring:9090
      In a pod: with the credentials of its service account.
  gpu-profiler controller --prometheus.url https://thanos:10902 --prometheus.bearer-token-file /run/token --kubeconfig ~/.kube/config
      From outside, with a token for Prometheus and a kubeconfig for the cluster.

Next: kubectl describe node NAME, and curl localhost:9877/metrics for the controller's own.
`;

export const controllerCommand: Command = {
  name: 'controller',
  summary: 'Write how each GPU is used on the nodes of the cluster, from Prometheus.',
  run: (argv, context) =>
    runMode(
      {
        mode: 'controller',
        intro,
        load: async () => (await import('../app/controller.ts')).runController,
      },
      argv,
      context,
    ),
};

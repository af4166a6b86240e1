import type { Command } from './command.ts';
import { runMode } from './run-mode.ts';

const intro = `
Usage: gpu-profiler cleanup [flags]

Removes from all nodes the annotations that gpu-profiler wrote, and no others: on each node ai.centaurus.io/gpu-profiler-owned
says which these are. For taking gpu-profiler out of a cluster. It can be stopped and run again: it goes on from what is left.

Examples:
  gpu-profiler cleanup --dry-run
      Show what would be removed. Exit code 0: there is nothing.
  gpu-profiler cleanup --stop-deployment gpu-profiler/gpu-profiler-controller
      Scale the controller to 0 first, so that it does not write again what is removed.
  gpu-profiler cleanup --json --timeout 30m
      For scripts: one JSON object that says what was removed, what is left and why.

Exit code 0: nothing of ours is left on any node. 1: something is, or it could not be found out. 2: wrong use.

Next: kubectl delete -f the manifests, or helm uninstall (which runs this by itself before).
`;

export const cleanupCommand: Command = {
  name: 'cleanup',
  summary: 'Remove what gpu-profiler wrote on the nodes of the cluster, before it is taken out.',
  run: (argv, context) =>
    runMode(
      { mode: 'cleanup', intro, load: async () => (await import('../app/cleanup.ts')).runCleanup },
      argv,
      context,
    ),
};

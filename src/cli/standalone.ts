import type { Command } from './command.ts';
import { runMode } from './run-mode.ts';

const intro = `
Usage: gpu-profiler standalone [flags]

Everything on one machine, without Prometheus and without a cluster: a live table of the GPUs and how each is used,
and a page with plots. Without a GPU it says so and shows simulated ones.

Examples:
  gpu-profiler standalone
      Watch the GPUs of this machine; the page is at http://127.0.0.1:9876/. Arrows scroll, q or Ctrl-C ends it.
  gpu-profiler standalone --duration 100s --json
      For scripts: one JSON object per cycle on stdout, for 100 seconds.
  gpu-profiler standalone --source simulated --simulated.workloads training,stuck --simulated.gpus 2
      What a training looks like beside one that hangs.

Next: gpu-profiler collector --help, to publish the same for a whole cluster.
`;

export const standaloneCommand: Command = {
  name: 'standalone',
  summary: 'Watch the GPUs of this machine: table, page, JSON. No Prometheus, no cluster.',
  run: (argv, context) =>
    runMode(
      {
        mode: 'standalone',
        intro,
        load: async () => (await import('../app/standalone.ts')).runStandalone,
      },
      argv,
      context,
    ),
};

import type { Command } from './command.ts';
import { runMode } from './run-mode.ts';

const intro = `
Usage: gpu-profiler collector [flags]

Reads the GPUs of this machine, decides how each is used, and serves the result on /metrics for Prometheus.
One runs on each GPU node. It needs no cluster and writes to none.

Examples:
  gpu-profiler collector
      Read the GPUs by whatever works here (driver library, else nvidia-smi) and serve http://localhost:9876/metrics.
  gpu-profiler collector --source simulated --simulated.gpus 8
      Eight simulated GPUs, to try dashboards without hardware.
  gpu-profiler collector --source replay --replay.files 'recordings/*.csv' --replay.speed 10
      Play recordings ten times as fast.
  gpu-profiler collector --metrics.dialects native,dcgm
      Also under the names of dcgm-exporter, for dashboards that exist already.

Next: curl localhost:9876/metrics, let Prometheus scrape it, then run: gpu-profiler controller --prometheus.url URL
`;

export const collectorCommand: Command = {
  name: 'collector',
  summary: 'Read the GPUs of this machine and serve metrics. One per GPU node.',
  run: (argv, context) =>
    runMode(
      {
        mode: 'collector',
        intro,
        load: async () => (await import('../app/collector.ts')).runCollector,
      },
      argv,
      context,
    ),
};

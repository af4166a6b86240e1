import type { Command } from './command.ts';
import { runMode } from './run-mode.ts';

const intro = `
Usage: gpu-profiler analyze FILE|FOLDER|-... [flags]
       gpu-profiler analyze --prometheus.url URL --node NODE [--since 1h] [flags]

Says how a GPU was used while a recording was made, and why: the whole recording first (share and hours of each pattern, periods,
utilisation, energy, hours held idle), then its end: pattern, period, how sure, what was ruled out. No GPU is needed.
A FILE is a CSV log of nvidia-smi, what nvidia-smi dmon -o DT prints, a CSV trace (t_s and any of util_gpu, util_mem, mem_used_mib, power_w),
or a JSON reply of Prometheus; packed by gzip or not. A folder stands for every file in it, - for standard input.

Examples:
  nvidia-smi --query-gpu=timestamp,index,utilization.gpu,memory.used,power.draw --format=csv -lms 200 > gpu.csv
  gpu-profiler analyze gpu.csv --report gpu.html
      Record, then see in a browser what was found and why.
  ssh gpu-node-3 cat gpu.csv.gz | gpu-profiler analyze -
      What another machine recorded.
  gpu-profiler analyze recordings/ --report all.html
      A line for each GPU in the folder, then each in detail; the report begins with all of them together and an index.
  gpu-profiler analyze noheader.csv --columns timestamp,index,utilization.gpu,-,power.draw
      A log without a header; - is a column of no use.
  gpu-profiler analyze --prometheus.url http://localhost:9090 --node gpu-node-3 --since 2h
      What the series of one node say, of this collector or of dcgm-exporter.
  gpu-profiler analyze recordings/*.csv --json
      For scripts: one JSON object.

A period written ~20 s? is apparent: the samples come so evenly and so seldom that a faster cycle could look the same. Log faster (-lms 200).
Lines that are no rows (error text, a row cut off) are told on stderr and left out; the rest is used.

Exit code 0: everything was analysed. 1: something could not be read; the rest is told all the same. 2: wrong use.

Next: gpu-profiler collector --help, which does this all the time and publishes it.
`;

export const analyzeCommand: Command = {
  name: 'analyze',
  summary: 'Say how a GPU was used, and why, from a recording or from Prometheus.',
  run: (argv, context) =>
    runMode(
      { mode: 'analyze', intro, load: async () => (await import('../app/analyze.ts')).runAnalyze },
      argv,
      context,
    ),
};

import type { Section } from '../../grafana/layout.ts';
import type { PlacedLater, Unit } from '../../grafana/panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { timeSeries } from '../../grafana/time-series-panel.ts';
import { inCluster, select } from '../../promql/selector.ts';

const none = 'No process of ours was scraped.';

interface Cost {
  readonly title: string;
  readonly expr: string;
  readonly unit: Unit;
  readonly meaning: string;
  readonly action: string;
}

function cost({ expr, ...words }: Cost): PlacedLater {
  return timeSeries({
    ...words,
    queries: [
      { expr: `topk(10, max by (job, instance) (${expr}))`, legend: '{{job}} {{instance}}' },
    ],
    absent: none,
    min: 0,
    width: 8,
  });
}

export const processSection: Section = {
  title: 'What it costs',
  panels: [
    cost({
      title: 'Memory of our processes',
      expr: select('gpu_profiler_resident_memory_bytes', inCluster),
      unit: 'bytes',
      meaning: 'Resident memory: the ten largest.',
      action:
        'Near the limit of the pod (192 MiB collector, 512 MiB controller unless set): raise it, and report a steady rise.',
    }),
    cost({
      title: 'Processor time of our processes',
      expr: `rate(${select('gpu_profiler_cpu_seconds_total', inCluster)}[$__rate_interval])`,
      unit: 'percentunit',
      meaning: 'Share of one core: the ten largest.',
      action:
        'A collector above a tenth of a core for long: please report it, with the number of GPUs.',
    }),
    cost({
      title: 'Longest delay of the event loop',
      expr: select('gpu_profiler_event_loop_delay_max_seconds', inCluster),
      unit: 's',
      meaning: 'Longest time between two scrapes in which the process could not answer.',
      action: 'Above a second: too little processor time for the pod.',
    }),
    table({
      title: 'Versions',
      labels: { job: 'Job', version: 'Version', nodejs_version: 'Node.js' },
      columns: [
        {
          title: 'Processes',
          expr: `count by (job, version, nodejs_version) (${select('gpu_profiler_build_info', inCluster)})`,
          unit: 'short',
          decimals: 0,
        },
      ],
      meaning: 'Which version runs where.',
      action: 'Two versions for longer than an upgrade takes: a rollout is stuck.',
      absent: none,
      unit: 'none',
      width: 12,
      height: 5,
    }),
    timeSeries({
      title: 'Restarts',
      queries: [
        {
          expr: `sum by (job) (changes(${select('gpu_profiler_start_time_seconds', inCluster)}[1h]))`,
          legend: '{{job}}',
        },
      ],
      meaning: 'Starts of our processes at the same address within the last hour.',
      action:
        'More than an upgrade explains: look at the reason of the last end (kubectl describe pod).',
      absent: none,
      unit: 'short',
      decimals: 0,
      min: 0,
      width: 12,
      height: 5,
    }),
  ],
};

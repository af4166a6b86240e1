import type { OptionTable } from '../option-spec.ts';

export const cycleOptions = {
  interval: {
    type: 'duration',
    default: '30s',
    min: '1s',
    max: '1h',
    group: 'Cycle',
    modes: ['controller'],
    description:
      'How often the cluster is looked at. A node is written only when something it shows changed.',
  },
  window: {
    type: 'duration',
    default: '10m',
    min: '1m',
    max: '6h',
    group: 'Cycle',
    modes: ['controller'],
    description:
      'How much of the past is analysed where no verdict comes from the node itself; longer for GPUs that are scraped so rarely that it would hold fewer than 40 samples.',
  },
  ttl: {
    type: 'duration',
    default: '15m',
    min: '1s',
    max: '7d',
    group: 'Cycle',
    modes: ['controller'],
    description:
      'How long annotations stay as they are while there is no trustworthy data. After that the job type becomes Unknown, once.',
  },
  once: {
    type: 'boolean',
    default: false,
    group: 'Cycle',
    modes: ['controller', 'standalone'],
    description: 'Run a single cycle and stop; the exit code says how it went.',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    group: 'Cycle',
    modes: ['controller', 'cleanup'],
    description:
      'Print what would be written (by cleanup: removed) and write nothing to the cluster.',
  },
  duration: {
    type: 'duration',
    default: '0s',
    min: '0s',
    max: '365d',
    group: 'Cycle',
    modes: ['standalone'],
    description: 'Stop after this time. 0s: run until stopped.',
  },
  json: {
    type: 'boolean',
    default: false,
    group: 'Output',
    modes: ['standalone', 'cleanup', 'analyze'],
    description:
      'JSON on stdout and nothing else there, for scripts: one object per cycle; of cleanup and analyze one in all.',
  },
} as const satisfies OptionTable;

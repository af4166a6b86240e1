import type { OptionTable } from '../option-spec.ts';

const modes = ['analyze'] as const;
const group = 'Recording';

export const analyzeOptions = {
  files: {
    type: 'list',
    default: [],
    itemsPerLine: true,
    positional: true,
    places: ['flag'],
    group,
    modes,
    description:
      'Recordings to analyse; the arguments without a flag: CSV traces (t_s and any of util_gpu, util_mem, mem_used_mib, power_w), CSV logs of nvidia-smi --query-gpu, JSON replies of Prometheus.',
  },
  node: {
    type: 'string',
    default: null,
    places: ['flag'],
    group,
    modes,
    description: 'Node whose GPUs are asked of Prometheus, as in its series (see node.labels).',
  },
  since: {
    type: 'duration',
    default: '1h',
    min: '1m',
    max: '7d',
    places: ['flag'],
    group,
    modes,
    description: 'How far back Prometheus is asked.',
  },
  report: {
    type: 'file',
    default: null,
    places: ['flag'],
    group: 'Output',
    modes,
    description:
      'Write a report to this file: one HTML page, without anything beside it, that shows the series, the cycles in them, and why the verdict is what it is.',
  },
} as const satisfies OptionTable;

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
      'Recordings to analyse; the arguments without a flag: CSV traces (t_s and any of util_gpu, util_mem, mem_used_mib, power_w), CSV logs of nvidia-smi --query-gpu, what nvidia-smi dmon -o DT prints, JSON replies of Prometheus; packed by gzip or not. A folder stands for every file in it, - for standard input.',
  },
  columns: {
    type: 'list',
    default: [],
    places: ['flag'],
    group,
    modes,
    description:
      'Names of the columns of CSV recordings, in order, where a header lacks (--format=csv,noheader) or has other names: those of nvidia-smi --query-gpu (timestamp, index, utilization.gpu, memory.used, power.draw …) or of a trace (t_s, util_gpu, util_mem, mem_used_mib, power_w); - for a column of no use.',
  },
  'date-order': {
    type: 'enum',
    values: ['dmy', 'mdy'],
    default: null,
    places: ['flag'],
    group,
    modes,
    description:
      'How dates such as 02/01/2026 are meant: dmy is 2 January, mdy is 1 February. Asked for only where it cannot be told.',
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
  wide: {
    type: 'boolean',
    default: false,
    places: ['flag'],
    group: 'Output',
    modes,
    description:
      'One line per GPU with everything that is known, however wide the terminal is. Without it there are as many columns as fit, and the details of each GPU below.',
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

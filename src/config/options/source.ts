import type { OptionTable } from '../option-spec.ts';

const modes = ['collector', 'standalone'] as const;
const group = 'GPU source';

export const workloadNames = [
  'training',
  'fast-training',
  'batch-inference',
  'bursty-inference',
  'idle',
  'held-idle',
  'stuck',
  'crash',
] as const;

export const sourceOptions = {
  source: {
    type: 'enum',
    values: ['auto', 'nvml', 'nvidia-smi', 'dcgm', 'replay', 'simulated'],
    default: 'auto',
    group,
    modes,
    description:
      'What reads the GPUs. auto takes the first that works of nvml (the driver library), nvidia-smi (the command) and dcgm (where dcgm.url is given). replay and simulated need no GPU and are labelled as such wherever they show; standalone falls back to simulated when auto finds no GPU.',
  },
  'node-name': {
    type: 'string',
    default: null,
    computedDefault: 'hostname',
    group,
    modes,
    description:
      'Name of the Kubernetes node, published as a label. In a pod the host name is the name of the pod, so set GPU_PROFILER_NODE_NAME from spec.nodeName.',
  },
  'nvml.library': {
    type: 'file',
    default: null,
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'nvml'] },
    description:
      'The driver library. Unset: libnvidia-ml.so.1 by the search path of the system, then the usual places.',
  },
  'nvml.call-timeout': {
    type: 'duration',
    default: '2s',
    min: '50ms',
    max: '5m',
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'nvml'] },
    description:
      'A driver call that takes longer counts as hung: its GPU is reported down, and the call is left alone until it returns.',
  },
  'nvidia-smi.command': {
    type: 'file',
    default: 'nvidia-smi',
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'nvidia-smi'] },
    description: 'The nvidia-smi command: a name looked up in PATH, or a path.',
  },
  'nvidia-smi.timeout': {
    type: 'duration',
    default: '10s',
    min: '500ms',
    max: '5m',
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'nvidia-smi'] },
    description:
      'A run of nvidia-smi that takes longer is ended and counts as failed. Without driver persistence a run may take seconds.',
  },
  'path.procfs': {
    type: 'file',
    default: '/proc',
    group,
    modes,
    description:
      'Where the system shows its memory (meminfo, for GPUs that have none of their own) and the GPUs of the driver.',
  },
  'path.sysfs': {
    type: 'file',
    default: '/sys',
    group,
    modes,
    description: 'Where the system shows its PCI devices, among them the GPUs.',
  },
  'dcgm.url': {
    type: 'url',
    default: null,
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'dcgm'] },
    description:
      'Metrics of a dcgm-exporter on this node, such as http://127.0.0.1:9400/metrics, for nodes where nobody else may hold the driver library.',
  },
  'dcgm.interval': {
    type: 'duration',
    default: '5s',
    min: '200ms',
    max: '10m',
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'dcgm'] },
    description:
      'How often dcgm-exporter is read. It refreshes its values every 30 s by default; reading more often shows the same values again.',
  },
  'replay.files': {
    type: 'list',
    default: null,
    group,
    modes,
    onlyWith: { option: 'source', values: ['replay'] },
    description:
      'Recordings to play: CSV with t_s and any of util_gpu, util_mem, mem_used_mib, power_w; logs of nvidia-smi --query-gpu or dmon, each GPU in them; or captures of nvidia-smi. Packed by gzip or not. Wildcards are allowed; quote them so that the shell leaves them alone.',
  },
  'replay.speed': {
    type: 'number',
    default: 1,
    min: 0.01,
    max: 1000,
    group,
    modes,
    onlyWith: { option: 'source', values: ['replay'] },
    description: 'Recorded seconds per second: 10 plays ten times as fast.',
  },
  'replay.loop': {
    type: 'boolean',
    default: true,
    group,
    modes,
    onlyWith: { option: 'source', values: ['replay'] },
    description: 'Start again at the end of a recording; false: its GPU then reports no more data.',
  },
  'simulated.gpus': {
    type: 'integer',
    default: 4,
    min: 1,
    max: 256,
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'simulated'] },
    description: 'Number of simulated GPUs.',
  },
  'simulated.workloads': {
    type: 'list',
    values: workloadNames,
    default: ['training', 'fast-training', 'batch-inference', 'idle'],
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'simulated'] },
    description:
      'What runs on the simulated GPUs, in the order of their index; the list is repeated when there are more GPUs. stuck is a collective that hangs at full utilisation, crash a training that ends half way, held-idle memory that is held without work.',
  },
  'simulated.seed': {
    type: 'integer',
    default: 1,
    min: 0,
    max: 4294967295,
    group,
    modes,
    onlyWith: { option: 'source', values: ['auto', 'simulated'] },
    description: 'The same seed gives the same values.',
  },
} as const satisfies OptionTable;

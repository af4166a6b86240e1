import type { OptionTable } from '../option-spec.ts';

const modes = ['cleanup'] as const;
const group = 'Cleanup';

export const cleanupOptions = {
  'stop-deployment': {
    type: 'string',
    default: null,
    pattern: {
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
      form: 'NAMESPACE/NAME of a Deployment, such as gpu-profiler/gpu-profiler-controller',
    },
    group,
    modes,
    description:
      'The controller, as NAMESPACE/NAME of its Deployment: it is scaled to 0 first, and waited for, so that nobody writes again what is removed.',
  },
  timeout: {
    type: 'duration',
    default: '5m',
    min: '1s',
    max: '24h',
    group,
    modes,
    description:
      'How long to go on trying where the API server fails or is busy. What is removed by then stays removed; another run goes on from there.',
  },
} as const satisfies OptionTable;

import { rounded, secondsOf } from '../number.ts';
import type { Value } from '../family.ts';
import type { ProcessFigures } from '../self-observation.ts';
import type { SelfFamily } from './self-family.ts';

interface ProcessFamily {
  readonly name: string;
  readonly type?: 'gauge' | 'counter';
  readonly help: string;
  readonly unit: string;
  readonly absentWhen?: string;
  readonly value: (figures: ProcessFigures) => Value;
}

function common(family: ProcessFamily): SelfFamily {
  return {
    name: family.name,
    type: family.type ?? 'gauge',
    help: family.help,
    labels: [],
    unit: family.unit,
    // The names are those that all client libraries use.
    stability: 'stable',
    dialect: 'self',
    absentWhen: family.absentWhen ?? '',
    sample: ({ process }, into) => {
      const value = family.value(process);
      if (value !== null && value !== undefined) into.push({ value });
    },
  };
}

const notOnLinux = 'the system is not Linux';

/**
 * Under the names of all client libraries, which dashboards for processes ask for. gpu_profiler_cpu_seconds_total and its
 * like tell the same without a need to know the job.
 */
export const processFamilies: readonly SelfFamily[] = [
  common({
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time of this process, user and system.',
    unit: 'seconds',
    value: ({ cpuSeconds }) => rounded(cpuSeconds),
  }),
  common({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of this process.',
    unit: 'bytes',
    value: ({ residentBytes }) => residentBytes,
  }),
  common({
    name: 'process_start_time_seconds',
    help: 'When this process started, Unix time.',
    unit: 'seconds',
    value: ({ startTimeMs }) => secondsOf(startTimeMs),
  }),
  common({
    name: 'process_open_fds',
    help: 'Open file descriptors of this process.',
    unit: '',
    absentWhen: notOnLinux,
    value: ({ openFileDescriptors }) => openFileDescriptors,
  }),
  common({
    name: 'process_max_fds',
    help: 'Most file descriptors that this process may open.',
    unit: '',
    absentWhen: `${notOnLinux}, or there is no limit`,
    value: ({ maxFileDescriptors }) => maxFileDescriptors,
  }),
  common({
    name: 'nodejs_heap_size_used_bytes',
    help: 'Heap of JavaScript in use.',
    unit: 'bytes',
    value: ({ heapUsedBytes }) => heapUsedBytes,
  }),
  common({
    name: 'nodejs_heap_size_total_bytes',
    help: 'Heap of JavaScript, used or not.',
    unit: 'bytes',
    value: ({ heapTotalBytes }) => heapTotalBytes,
  }),
  common({
    name: 'nodejs_external_memory_bytes',
    help: 'Memory outside the heap that belongs to objects in it.',
    unit: 'bytes',
    value: ({ externalBytes }) => externalBytes,
  }),
];

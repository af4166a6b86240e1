import type { PublishedVerdict } from '../analysis/verdict.ts';
import type { GpuHolder } from '../attribution/gpu-holders.ts';
import type { GpuSnapshot, Snapshot } from '../sampling/snapshot.ts';
import { stabilityOf, type Stability } from './stability.ts';
import type { DeviceLabels } from './device-labels.ts';

export type Labels = Readonly<Record<string, string>>;

/** One line of the exposition: labels of its own, labels shared with all other lines of the same device, value. */
export interface Sample {
  readonly value: number;
  readonly labels?: Labels;
  /** The same object for every line of a device: its text is then made once. */
  readonly sharedLabels?: Labels;
}

/** `native`: gpu_…; `dcgm`: the names of dcgm-exporter; `self`: about this process, gpu_profiler_…. */
export const dialects = ['native', 'dcgm', 'self'] as const;
export type Dialect = (typeof dialects)[number];

/** What is told about a family of metrics, to scrapers and in docs/METRICS.md. */
export interface FamilyFacts {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** All label names that its series may carry. */
  readonly labels: readonly string[];
  /** Unit of the values in words; empty: a number without unit (0 or 1, an index, a count). */
  readonly unit: string;
  readonly stability: Stability;
  readonly dialect: Dialect;
  /** When series of it are absent, in words; empty: never, while the device is up. */
  readonly absentWhen: string;
}

/** What the series about devices are made from. */
export interface Observation {
  readonly snapshot: Snapshot;
  /** By verdictKey (of GPUs and GPU instances); a GPU without a verdict is absent. */
  readonly verdicts: ReadonlyMap<string, PublishedVerdict>;
  /** By UUID, as the kubelet says; a GPU that nobody is known to hold is absent. */
  readonly holders: ReadonlyMap<string, readonly GpuHolder[]>;
  readonly labels: DeviceLabels;
}

export interface DeviceFamily extends FamilyFacts {
  readonly dialect: 'native' | 'dcgm';
  /** Appends the samples of one GPU. */
  sample(gpu: GpuSnapshot, observation: Observation, into: Sample[]): void;
}

/** `undefined` or null: the series is absent. It never becomes 0. */
export type Value = number | null | undefined;

interface GpuValueFamily {
  readonly name: string;
  readonly type?: 'gauge' | 'counter';
  readonly help: string;
  readonly unit: string;
  readonly absentWhen?: string;
  readonly value: (gpu: GpuSnapshot, observation: Observation) => Value;
}

/** The labels of every series about a device. */
export const deviceLabelNames = ['node', 'gpu', 'uuid'] as const;

/** A native family with one series per GPU and no labels beyond those of the device. */
export function perGpu(family: GpuValueFamily): DeviceFamily {
  const { value } = family;
  return {
    name: family.name,
    type: family.type ?? 'gauge',
    help: family.help,
    labels: deviceLabelNames,
    unit: family.unit,
    stability: stabilityOf(family.name),
    dialect: 'native',
    absentWhen: family.absentWhen ?? 'not reported by the device; see gpu_reading_missing_info',
    sample: (gpu, observation, into) => {
      const found = value(gpu, observation);
      if (found === null || found === undefined || Number.isNaN(found)) return;
      into.push({ value: found, sharedLabels: observation.labels.native(gpu.device) });
    },
  };
}

interface GpuInfoFamily {
  readonly name: string;
  readonly help: string;
  /** Beyond those of the device. */
  readonly labels: readonly string[];
  readonly absentWhen: string;
  /** One series of value 1 for each. */
  readonly series: (gpu: GpuSnapshot, observation: Observation) => Iterable<Labels>;
}

/** A native family of value 1 that says something by its labels. */
export function infoPerGpu(family: GpuInfoFamily): DeviceFamily {
  return {
    name: family.name,
    type: 'gauge',
    help: family.help,
    labels: [...deviceLabelNames, ...family.labels],
    unit: '',
    stability: stabilityOf(family.name),
    dialect: 'native',
    absentWhen: family.absentWhen,
    sample: (gpu, observation, into) => {
      const sharedLabels = observation.labels.native(gpu.device);
      for (const labels of family.series(gpu, observation)) {
        into.push({ value: 1, labels, sharedLabels });
      }
    },
  };
}

import type { FamilyFacts, Labels, Sample, Value } from '../family.ts';
import type { SelfObservation } from '../self-observation.ts';

/** A family about this process. */
export interface SelfFamily extends FamilyFacts {
  readonly dialect: 'self';
  sample(self: SelfObservation, into: Sample[]): void;
}

interface SelfValueFamily {
  /** Without the prefix gpu_profiler_. */
  readonly name: string;
  readonly type?: 'gauge' | 'counter';
  readonly help: string;
  readonly unit: string;
  readonly absentWhen?: string;
  readonly value: (self: SelfObservation) => Value;
}

/** A family with one series, without labels. */
export function figure(family: SelfValueFamily): SelfFamily {
  const { value } = family;
  return {
    name: `gpu_profiler_${family.name}`,
    type: family.type ?? 'gauge',
    help: family.help,
    labels: [],
    unit: family.unit,
    stability: 'alpha',
    dialect: 'self',
    absentWhen: family.absentWhen ?? '',
    sample: (self, into) => {
      const found = value(self);
      if (found !== null && found !== undefined) into.push({ value: found });
    },
  };
}

interface SelfInfoFamily {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly absentWhen?: string;
  readonly series: (self: SelfObservation) => Labels | null;
}

/** A family of value 1 that says something by its labels. */
export function info(family: SelfInfoFamily): SelfFamily {
  return {
    name: `gpu_profiler_${family.name}`,
    type: 'gauge',
    help: family.help,
    labels: family.labels,
    unit: '',
    stability: 'alpha',
    dialect: 'self',
    absentWhen: family.absentWhen ?? '',
    sample: (self, into) => {
      const labels = family.series(self);
      if (labels !== null) into.push({ value: 1, labels });
    },
  };
}

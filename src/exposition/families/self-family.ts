import type { FamilyFacts, Labels, Sample, Value } from '../family.ts';
import { stabilityOf } from '../stability.ts';
import type { SelfObservation } from '../self-observation.ts';

/** A family about this process. */
export interface SelfFamily extends FamilyFacts {
  readonly dialect: 'self';
  sample(self: SelfObservation, into: Sample[]): void;
}

export interface SelfFacts {
  /** Without the prefix gpu_profiler_. */
  readonly name: string;
  readonly type?: 'gauge' | 'counter';
  readonly help: string;
  readonly unit: string;
  readonly absentWhen?: string;
}

interface SelfValueFamily extends SelfFacts {
  readonly value: (self: SelfObservation) => Value;
}

/** What is told about a family of ours. */
export function selfFacts(
  family: SelfFacts,
  labels: readonly string[],
): FamilyFacts & { readonly dialect: 'self' } {
  const name = `gpu_profiler_${family.name}`;
  return {
    name,
    type: family.type ?? 'gauge',
    help: family.help,
    labels,
    unit: family.unit,
    stability: stabilityOf(name),
    dialect: 'self',
    absentWhen: family.absentWhen ?? '',
  };
}

/** A family with one series, without labels. */
export function figure(family: SelfValueFamily): SelfFamily {
  const { value } = family;
  return {
    ...selfFacts(family, []),
    sample: (self, into) => {
      const found = value(self);
      if (found !== null && found !== undefined) into.push({ value: found });
    },
  };
}

interface SelfInfoFamily extends Omit<SelfFacts, 'type' | 'unit'> {
  readonly labels: readonly string[];
  readonly series: (self: SelfObservation) => Labels | null;
}

/** A family of value 1 that says something by its labels. */
export function info(family: SelfInfoFamily): SelfFamily {
  return {
    ...selfFacts({ ...family, unit: '' }, family.labels),
    sample: (self, into) => {
      const labels = family.series(self);
      if (labels !== null) into.push({ value: 1, labels });
    },
  };
}

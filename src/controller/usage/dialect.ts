import type { UsageChannel } from '../../analysis/verdict.ts';

/** Facts of a GPU that are the values of series of their own. */
export type FactName =
  'memoryTotalMiB' | 'powerLimitWatts' | 'pcieGenerationMax' | 'pcieWidthMax' | 'memoryPartMiB';

export interface ScaledFamily<Meaning> {
  readonly meaning: Meaning;
  /** From the unit of the family to ours: percent, MiB, W. */
  readonly scale: number;
  /** Told per pod where GPUs are shared as virtual GPUs: what its processes use. */
  readonly perPod?: true;
}

type LabelNames = readonly [string, ...string[]];

/** The names under which one exporter tells about GPUs. Labels in all their spellings, the usual one first. */
export interface Dialect {
  readonly name: 'native' | 'dcgm';
  readonly uuidLabels: LabelNames;
  readonly indexLabel: string;
  readonly channels: Readonly<Record<string, ScaledFamily<UsageChannel>>>;
  /** Families that tell a channel where its own is missing; asked for such GPUs only. */
  readonly standIns: Readonly<Record<string, ScaledFamily<UsageChannel>>>;
  readonly facts: Readonly<Record<string, ScaledFamily<FactName>>>;
  /** Families that have a series for each GPU: what exists is found by them. */
  readonly roster: readonly string[];
  /** Labels that tell the model and the driver, on the series of `factFamilies`. */
  readonly modelLabels: LabelNames;
  readonly driverLabels: LabelNames;
  /** Families of which a fact is read, by value or by label. */
  readonly factFamilies: readonly string[];
  /** Series that carry one of these are about a part of a GPU (a GPU instance, by its number), not about the GPU. */
  readonly partLabels: LabelNames;
  readonly profileLabels: LabelNames;
}

/** The value of the first of these labels that says something; '' where none does. */
export function labelIn(
  labels: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

/** A selector of any of these families; `matchers` as in `a="b",c="d"`, empty ones are left out. */
export function selectorOf(families: readonly string[], ...matchers: string[]): string {
  const name = `__name__=~"${families.join('|')}"`;
  return `{${[name, ...matchers].filter((matcher) => matcher !== '').join(',')}}`;
}

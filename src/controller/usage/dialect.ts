import type { UsageChannel } from '../../analysis/verdict.ts';

/** Facts of a GPU that are the values of series of their own. */
export type FactName =
  'memoryTotalMiB' | 'powerLimitWatts' | 'pcieGenerationMax' | 'pcieWidthMax' | 'memoryPartMiB';

export interface ScaledFamily<Meaning> {
  readonly meaning: Meaning;
  /** From the unit of the family to ours: percent, MiB, W. */
  readonly scale: number;
}

/** The names under which one exporter tells about GPUs. */
export interface Dialect {
  readonly name: 'native' | 'dcgm';
  readonly uuidLabel: string;
  readonly indexLabel: string;
  readonly channels: Readonly<Record<string, ScaledFamily<UsageChannel>>>;
  readonly facts: Readonly<Record<string, ScaledFamily<FactName>>>;
  /** Families that have a series for each GPU: what exists is found by them. */
  readonly roster: readonly string[];
  /** Labels that tell the model and the driver, on the series of `factFamilies`. */
  readonly modelLabel: string;
  readonly driverLabel: string;
  /** Families of which a fact is read, by value or by label. */
  readonly factFamilies: readonly string[];
  /** Series that carry one of these are about a part of a GPU (MIG), not about the GPU. */
  readonly partLabel: string | null;
}

/** A selector of any of these families; `matchers` as in `a="b",c="d"`, empty ones are left out. */
export function selectorOf(families: readonly string[], ...matchers: string[]): string {
  const name = `__name__=~"${families.join('|')}"`;
  return `{${[name, ...matchers].filter((matcher) => matcher !== '').join(',')}}`;
}

import type { Metric, RegistryContentType } from 'prom-client';
import Registry from 'prom-client/lib/registry.js';
import type { FamilyFacts, Sample } from './family.ts';

export const expositionFormats = ['text', 'openmetrics'] as const;
export type ExpositionFormat = (typeof expositionFormats)[number];

/** The values of a Content-Type header. */
export const contentTypes: Readonly<Record<ExpositionFormat, RegistryContentType>> = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
};

/** A family with its samples, gathered for one exposition. */
export interface FamilySamples {
  readonly family: FamilyFacts;
  readonly samples: readonly Sample[];
}

/**
 * Turns families into text by a prom-client registry. What is registered are thin objects that answer `get()` with samples
 * gathered elsewhere: no value is ever set, hashed or kept here.
 */
export class TextRegistry {
  readonly #format: ExpositionFormat;
  readonly #registry: InstanceType<typeof Registry<RegistryContentType>>;
  readonly #metrics = new Map<string, ThinMetric>();

  constructor(format: ExpositionFormat, families: readonly FamilyFacts[]) {
    this.#format = format;
    this.#registry = new Registry<RegistryContentType>();
    this.#registry.setContentType(contentTypes[format]);
    for (const family of families) {
      const metric = new ThinMetric(family, format);
      this.#metrics.set(family.name, metric);
      // The registry asks of a metric no more than name, help, type and get().
      this.#registry.registerMetric(metric as unknown as Metric);
    }
  }

  /** The lines of one family, with a newline at the end; empty when it has no samples. */
  async text({ family, samples }: FamilySamples): Promise<string> {
    const metric = this.#metrics.get(family.name);
    if (metric === undefined || samples.length === 0) return '';
    metric.values = samples;
    const text = await this.#registry.getSingleMetricAsString(metric.name);
    metric.values = [];
    return `${text}\n`;
  }

  /** What stands after the last family. */
  get end(): string {
    return this.#format === 'openmetrics' ? '# EOF\n' : '';
  }
}

/** Name and type of a family as its HELP and TYPE lines give them. */
export function shownName(
  { name, type }: FamilyFacts,
  format: ExpositionFormat,
): { readonly name: string; readonly type: string } {
  if (format === 'text' || type !== 'counter') return { name, type };
  // OpenMetrics: the name of a counter family goes without _total, its samples with it. A name that never had it (dcgm)
  // would be changed by that, so it is told as unknown there: the name matters more to a dashboard than the type.
  return name.endsWith('_total')
    ? { name: name.slice(0, -'_total'.length), type }
    : { name, type: 'unknown' };
}

class ThinMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  values: readonly Sample[] = [];

  constructor(family: FamilyFacts, format: ExpositionFormat) {
    this.help = family.help;
    const { name, type } = shownName(family, format);
    this.name = name;
    this.type = type;
  }

  get(): Pick<ThinMetric, 'name' | 'help' | 'type' | 'values'> {
    return this;
  }
}

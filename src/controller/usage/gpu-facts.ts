import { sampleValue, type Series } from '../../prometheus/client.ts';
import type { Dialect, FactName } from './dialect.ts';
import { simulatedLabel } from './native-dialect.ts';

/** What is known of a GPU that hardly ever changes. */
export interface GpuFacts {
  readonly model: string | null;
  readonly driverVersion: string | null;
  readonly memoryTotalMiB: number | null;
  readonly powerLimitWatts: number | null;
  readonly pcieGenerationMax: number | null;
  readonly pcieWidthMax: number | null;
  readonly simulated: boolean;
}

export const noFacts: GpuFacts = {
  model: null,
  driverVersion: null,
  memoryTotalMiB: null,
  powerLimitWatts: null,
  pcieGenerationMax: null,
  pcieWidthMax: null,
  simulated: false,
};

interface Draft {
  model: string | null;
  driverVersion: string | null;
  simulated: boolean;
  readonly values: Partial<Record<FactName, number>>;
  /** By family, so that two series of one family are not added up. */
  readonly memoryParts: Map<string, number>;
}

/** Collects facts from series, by UUID. Of two series that differ the one with the lexically last labels wins, whatever the order. */
export class FactsReader {
  readonly #dialect: Dialect;
  readonly #drafts = new Map<string, Draft>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  add(series: readonly Series[]): void {
    for (const { labels, points } of series) {
      const uuid = labels[this.#dialect.uuidLabel] ?? '';
      const { partLabel } = this.#dialect;
      if (uuid === '' || (partLabel !== null && (labels[partLabel] ?? '') !== '')) continue;
      const draft = this.#draft(uuid);
      draft.model = later(draft.model, labels[this.#dialect.modelLabel]);
      draft.driverVersion = later(draft.driverVersion, labels[this.#dialect.driverLabel]);
      draft.simulated ||= labels[simulatedLabel] === 'true';
      this.#takeValue(draft, labels['__name__'] ?? '', sampleValue(points[0]?.[1] ?? ''));
    }
  }

  result(): Map<string, GpuFacts> {
    return new Map([...this.#drafts].map(([uuid, draft]) => [uuid, factsOf(draft)]));
  }

  #takeValue(draft: Draft, family: string, value: number): void {
    const fact = this.#dialect.facts[family];
    if (fact === undefined || !Number.isFinite(value) || value < 0) return;
    const scaled = value * fact.scale;
    if (fact.meaning === 'memoryPartMiB') {
      draft.memoryParts.set(family, Math.max(draft.memoryParts.get(family) ?? 0, scaled));
    } else {
      draft.values[fact.meaning] = Math.max(draft.values[fact.meaning] ?? 0, scaled);
    }
  }

  #draft(uuid: string): Draft {
    let draft = this.#drafts.get(uuid);
    if (draft === undefined) {
      draft = {
        model: null,
        driverVersion: null,
        simulated: false,
        values: {},
        memoryParts: new Map(),
      };
      this.#drafts.set(uuid, draft);
    }
    return draft;
  }
}

function factsOf({ model, driverVersion, simulated, values, memoryParts }: Draft): GpuFacts {
  // Used and free are both needed; one alone would pass for the whole.
  const total = memoryParts.size >= 2 ? [...memoryParts.values()].reduce((a, b) => a + b, 0) : null;
  return {
    model,
    driverVersion,
    simulated,
    memoryTotalMiB: values.memoryTotalMiB ?? total,
    powerLimitWatts: values.powerLimitWatts ?? null,
    pcieGenerationMax: values.pcieGenerationMax ?? null,
    pcieWidthMax: values.pcieWidthMax ?? null,
  };
}

function later(known: string | null, found: string | undefined): string | null {
  if (found === undefined || found === '') return known;
  return known === null || found > known ? found : known;
}

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
  /** By all labels but the name, then by family: used and free of two targets are of two moments, and their sum is no total. */
  readonly memoryParts: Map<string, Map<string, number>>;
}

/** Which GPU a series is about; null: none that anybody asked for. A UUID alone does not tell: simulated nodes may share them. */
export type GpuOfSeries = (labels: Series['labels']) => string | null;

/** Collects facts from series, by what `gpuOf` says. Of two series that differ the one with the lexically last labels wins, whatever the order. */
export class FactsReader {
  readonly #dialect: Dialect;
  readonly #gpuOf: GpuOfSeries;
  readonly #drafts = new Map<string, Draft>();

  constructor(dialect: Dialect, gpuOf: GpuOfSeries) {
    this.#dialect = dialect;
    this.#gpuOf = gpuOf;
  }

  add(series: readonly Series[]): void {
    for (const { labels, points } of series) {
      const { partLabel } = this.#dialect;
      if (partLabel !== null && (labels[partLabel] ?? '') !== '') continue;
      const gpu = this.#gpuOf(labels);
      if (gpu === null) continue;
      const draft = this.#draft(gpu);
      draft.model = later(draft.model, labels[this.#dialect.modelLabel]);
      draft.driverVersion = later(draft.driverVersion, labels[this.#dialect.driverLabel]);
      draft.simulated ||= labels[simulatedLabel] === 'true';
      this.#takeValue(draft, labels, sampleValue(points[0]?.[1] ?? ''));
    }
  }

  result(): Map<string, GpuFacts> {
    return new Map([...this.#drafts].map(([gpu, draft]) => [gpu, factsOf(draft)]));
  }

  #takeValue(draft: Draft, labels: Series['labels'], value: number): void {
    const family = labels['__name__'] ?? '';
    const fact = this.#dialect.facts[family];
    if (fact === undefined || !Number.isFinite(value) || value < 0) return;
    const scaled = value * fact.scale;
    if (fact.meaning === 'memoryPartMiB') {
      const from = labelsText(labels);
      const parts = draft.memoryParts.get(from) ?? new Map<string, number>();
      draft.memoryParts.set(from, parts.set(family, scaled));
    } else {
      draft.values[fact.meaning] = Math.max(draft.values[fact.meaning] ?? 0, scaled);
    }
  }

  #draft(gpu: string): Draft {
    let draft = this.#drafts.get(gpu);
    if (draft === undefined) {
      draft = {
        model: null,
        driverVersion: null,
        simulated: false,
        values: {},
        memoryParts: new Map(),
      };
      this.#drafts.set(gpu, draft);
    }
    return draft;
  }
}

function factsOf({ model, driverVersion, simulated, values, memoryParts }: Draft): GpuFacts {
  return {
    model,
    driverVersion,
    simulated,
    memoryTotalMiB: values.memoryTotalMiB ?? totalOf(memoryParts),
    powerLimitWatts: values.powerLimitWatts ?? null,
    pcieGenerationMax: values.pcieGenerationMax ?? null,
    pcieWidthMax: values.pcieWidthMax ?? null,
  };
}

/** Of the target that tells most parts, then the lexically last. Used and free are both needed; one alone would pass for the whole. */
function totalOf(memoryParts: Draft['memoryParts']): number | null {
  let best: { readonly from: string; readonly parts: ReadonlyMap<string, number> } | null = null;
  for (const [from, parts] of memoryParts) {
    const more = parts.size - (best?.parts.size ?? 1);
    if (more > 0 || (more === 0 && best !== null && from > best.from)) best = { from, parts };
  }
  return best === null ? null : [...best.parts.values()].reduce((a, b) => a + b, 0);
}

function labelsText(labels: Series['labels']): string {
  const pairs = Object.entries(labels).filter(([name]) => name !== '__name__');
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function later(known: string | null, found: string | undefined): string | null {
  if (found === undefined || found === '') return known;
  return known === null || found > known ? found : known;
}

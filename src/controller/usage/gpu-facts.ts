import { sampleValue, type Series } from '../../prometheus/client.ts';
import { gpuSlices, profileSlices } from '../../lib/mig-profile.ts';
import { labelIn, type Dialect, type FactName } from './dialect.ts';
import { simulatedLabel } from './native-dialect.ts';
import { combinePods, podOf, withoutPod } from './pods.ts';

/** What is known of a GPU that hardly ever changes. */
export interface GpuFacts {
  readonly model: string | null;
  readonly driverVersion: string | null;
  readonly memoryTotalMiB: number | null;
  readonly powerLimitWatts: number | null;
  readonly pcieGenerationMax: number | null;
  readonly pcieWidthMax: number | null;
  readonly simulated: boolean;
  /** Memory of the GPU instances of a GPU in MIG mode that tell it, by number. */
  readonly instanceMemoryMiB: ReadonlyMap<number, number>;
}

export const noFacts: GpuFacts = {
  model: null,
  driverVersion: null,
  memoryTotalMiB: null,
  powerLimitWatts: null,
  pcieGenerationMax: null,
  pcieWidthMax: null,
  simulated: false,
  instanceMemoryMiB: new Map(),
};

interface Draft {
  model: string | null;
  driverVersion: string | null;
  simulated: boolean;
  readonly values: Partial<Record<FactName, number>>;
  /** By page (all labels but the name and the pod), then by family: used and free of two targets are of two moments, and their sum is no total. */
  readonly memoryParts: Map<string, Map<string, MemoryPart>>;
  /** GPU instances, by number. */
  readonly instances: Map<number, { readonly draft: Draft; readonly profile: string }>;
}

interface MemoryPart {
  readonly perPod: boolean;
  readonly told: (readonly [pod: string, value: number])[];
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
      const { partLabels, profileLabels, modelLabels, driverLabels } = this.#dialect;
      const gpu = this.#gpuOf(labels);
      if (gpu === null) continue;
      const draft = this.#draft(gpu);
      draft.model = later(draft.model, labelIn(labels, modelLabels));
      draft.driverVersion = later(draft.driverVersion, labelIn(labels, driverLabels));
      draft.simulated ||= labels[simulatedLabel] === 'true';
      const part = labelIn(labels, partLabels);
      const of = part === '' ? draft : instanceDraft(draft, part, labelIn(labels, profileLabels));
      this.#takeValue(of, labels, sampleValue(points[0]?.[1] ?? ''));
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
      const page = withoutPod(labels);
      const parts = draft.memoryParts.get(page) ?? new Map<string, MemoryPart>();
      const known = parts.get(family) ?? { perPod: fact.perPod === true, told: [] };
      known.told.push([podOf(labels), scaled]);
      draft.memoryParts.set(page, parts.set(family, known));
    } else {
      draft.values[fact.meaning] = Math.max(draft.values[fact.meaning] ?? 0, scaled);
    }
  }

  #draft(gpu: string): Draft {
    let draft = this.#drafts.get(gpu);
    if (draft === undefined) {
      draft = newDraft();
      this.#drafts.set(gpu, draft);
    }
    return draft;
  }
}

function newDraft(): Draft {
  return {
    model: null,
    driverVersion: null,
    simulated: false,
    values: {},
    memoryParts: new Map(),
    instances: new Map(),
  };
}

function instanceDraft({ instances }: Draft, part: string, profile: string): Draft {
  const known = instances.get(Number(part));
  if (known?.profile === profile) return known.draft;
  const draft = newDraft();
  instances.set(Number(part), { draft, profile });
  return draft;
}

function factsOf(draft: Draft): GpuFacts {
  const { model, driverVersion, simulated, instances } = draft;
  const instanceMemoryMiB = new Map<number, number>();
  for (const [id, instance] of instances) {
    const total = totalOf(instance.draft);
    if (total !== null) instanceMemoryMiB.set(id, total);
  }
  const ofBoard = (name: FactName): number | null => {
    const told = [...instances.values()].flatMap((one) => one.draft.values[name] ?? []);
    return draft.values[name] ?? (told.length === 0 ? null : Math.max(...told));
  };
  return {
    model,
    driverVersion,
    simulated,
    memoryTotalMiB: totalOf(draft) ?? totalOfInstances(draft, instanceMemoryMiB),
    powerLimitWatts: ofBoard('powerLimitWatts'),
    pcieGenerationMax: ofBoard('pcieGenerationMax'),
    pcieWidthMax: ofBoard('pcieWidthMax'),
    instanceMemoryMiB,
  };
}

/** Of the target that tells most parts, then the lexically last. Used and free are both needed; one alone would pass for the whole. */
function totalOf({ values, memoryParts }: Draft): number | null {
  if (values.memoryTotalMiB !== undefined) return values.memoryTotalMiB;
  let best: { readonly page: string; readonly parts: ReadonlyMap<string, MemoryPart> } | null =
    null;
  for (const [page, parts] of memoryParts) {
    const more = parts.size - (best?.parts.size ?? 1);
    if (more > 0 || (more === 0 && best !== null && page > best.page)) best = { page, parts };
  }
  if (best === null) return null;
  let total = 0;
  for (const { told, perPod } of best.parts.values()) {
    const differs = new Set(told.map(([, value]) => value)).size > 1;
    total += combinePods(told, perPod && differs);
  }
  return total;
}

/** Memory that is in no instance is told by nobody, so the sum is the total only when every slice is given out. */
function totalOfInstances(
  { model, instances }: Draft,
  memoryMiB: ReadonlyMap<number, number>,
): number | null {
  const slices = [...instances.values()].map(({ profile }) => profileSlices(profile) ?? 0);
  const given = slices.reduce((sum, count) => sum + count, 0);
  if (instances.size === 0 || memoryMiB.size < instances.size) return null;
  if (given < gpuSlices(model ?? '', slices)) return null;
  return [...memoryMiB.values()].reduce((sum, memory) => sum + memory, 0);
}

function later(known: string | null, found: string | undefined): string | null {
  if (found === undefined || found === '') return known;
  return known === null || found > known ? found : known;
}

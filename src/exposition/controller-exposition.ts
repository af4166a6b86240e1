import type { ControllerObservation } from './controller-observation.ts';
import { controllerFamilies, type ControllerFamily } from './families/controller.ts';
import type { SelfFamily } from './families/self-family.ts';
import { selfFamilies } from './families/self.ts';
import type { FamilyFacts, Sample } from './family.ts';
import { shownFamilies, type FamilyFilter } from './family-filter.ts';
import { contentTypes, TextRegistry, type ExpositionFormat } from './registry.ts';
import type { SelfObservation } from './self-observation.ts';

/** Families that every process of ours has: they need nothing of a GPU. */
const shared = selfFamilies.filter(({ name }) =>
  /^(?:process|nodejs)_|_(?:build_info|resident_memory_bytes|cpu_seconds_total|start_time_seconds|event_loop_delay_max_seconds)$/.test(
    name,
  ),
);

/** All that a controller has. */
export const controllerCatalogue: readonly FamilyFacts[] = [...shared, ...controllerFamilies];

/** The text of a controller's /metrics. A few dozen series, so it is made for each scrape. */
export class ControllerExposition {
  readonly #observe: () => ControllerObservation;
  readonly #shared: readonly SelfFamily[];
  readonly #own: readonly ControllerFamily[];
  readonly #registries = {
    text: new TextRegistry('text', [...shared, ...controllerFamilies]),
    openmetrics: new TextRegistry('openmetrics', [...shared, ...controllerFamilies]),
  } satisfies Record<ExpositionFormat, TextRegistry>;

  constructor(filter: FamilyFilter, observe: () => ControllerObservation) {
    this.#observe = observe;
    this.#shared = shownFamilies(shared, filter);
    this.#own = shownFamilies(controllerFamilies, filter);
  }

  async scrape(format: ExpositionFormat): Promise<{ body: string; contentType: string }> {
    const observation = this.#observe();
    const registry = this.#registries[format];
    const pieces: string[] = [];
    const self = selfObservation(observation);
    for (const family of this.#shared) {
      const samples: Sample[] = [];
      family.sample(self, samples);
      pieces.push(await registry.text({ family, samples }));
    }
    for (const family of this.#own) {
      const samples: Sample[] = [];
      family.sample(observation, samples);
      pieces.push(await registry.text({ family, samples }));
    }
    return { body: pieces.join('') + registry.end, contentType: contentTypes[format] };
  }
}

/** A controller reads no GPUs: the part of a self-observation that is about them stays empty, and no shared family looks at it. */
function selfObservation(observation: ControllerObservation): SelfObservation {
  const { version, nodejsVersion, process } = observation;
  return {
    version,
    nodejsVersion,
    process,
    timeMs: 0,
    windowMs: 0,
    lastRender: null,
    analysis: null,
    podResources: { up: false, reason: 'off', ageMs: null },
    unmappedDevices: null,
    snapshot: {
      sequence: 0,
      timeMs: 0,
      gpus: [],
      source: {
        requested: '',
        kind: null,
        simulated: false,
        up: false,
        reason: '',
        detail: '',
        driverVersion: null,
        lastSuccessMs: null,
        readsTotal: 0,
        readFailuresTotal: 0,
        lastReadDurationMs: null,
      },
    },
  };
}

import { deviceFamilies, selfFamilies } from './catalogue.ts';
import type { Dialect, Observation, Sample } from './family.ts';
import type { FamilySamples } from './registry.ts';
import type { SelfObservation } from './self-observation.ts';

/** The samples of every family about devices, in the dialects asked for; family by family, made when asked for the next. */
export function* gatherDevices(
  observation: Observation,
  dialects: readonly Dialect[],
): Generator<FamilySamples> {
  const { gpus } = observation.snapshot;
  for (const family of deviceFamilies) {
    if (!dialects.includes(family.dialect)) continue;
    const samples: Sample[] = [];
    for (const gpu of gpus) family.sample(gpu, observation, samples);
    yield { family, samples };
  }
}

/** The samples of every family about this process. */
export function* gatherSelf(self: SelfObservation): Generator<FamilySamples> {
  for (const family of selfFamilies) {
    const samples: Sample[] = [];
    family.sample(self, samples);
    yield { family, samples };
  }
}

import type { SelfFamily } from './families/self-family.ts';
import type { DeviceFamily, Observation, Sample } from './family.ts';
import type { FamilySamples } from './registry.ts';
import type { SelfObservation } from './self-observation.ts';

/** The samples of families about devices; family by family, made when asked for the next. */
export function* gatherDevices(
  families: readonly DeviceFamily[],
  observation: Observation,
): Generator<FamilySamples> {
  const { gpus } = observation.snapshot;
  for (const family of families) {
    const samples: Sample[] = [];
    for (const gpu of gpus) family.sample(gpu, observation, samples);
    yield { family, samples };
  }
}

/** The samples of families about this process. */
export function* gatherSelf(
  families: readonly SelfFamily[],
  self: SelfObservation,
): Generator<FamilySamples> {
  for (const family of families) {
    const samples: Sample[] = [];
    family.sample(self, samples);
    yield { family, samples };
  }
}

import { describe, expect, it } from 'vitest';
import type { Sample } from '../family.ts';
import type { SelfObservation } from '../self-observation.ts';
import { podResourcesFamilies } from './pod-resources.ts';

type Given = Pick<SelfObservation, 'podResources' | 'unmappedDevices'>;

/** Every series as `name reason value`. */
function series(given: Given): string[] {
  return podResourcesFamilies.flatMap((family) => {
    const into: Sample[] = [];
    family.sample(given as SelfObservation, into);
    const short = family.name.replace('gpu_profiler_pod_', '');
    return into.map(({ value, labels }) => `${short} ${labels?.['reason'] ?? ''} ${value}`);
  });
}

describe('exposition/families/pod-resources', () => {
  it('tells not knowing who holds what from nobody holding anything', () => {
    const podResources = { up: false, reason: 'off', ageMs: null } as const;
    expect(series({ podResources, unmappedDevices: null })).toEqual([
      'resources_up  0',
      'resources_down_reason_info off 1',
    ]);
    const unmappedDevices = { unknown_gpu: 2, unknown_mig: 0, unknown_form: 0 };
    expect(series({ podResources: { up: true, ageMs: 1_500 }, unmappedDevices })).toEqual([
      'resources_up  1',
      'resources_age_seconds  1.5',
      'devices_unmapped unknown_gpu 2',
      'devices_unmapped unknown_mig 0',
      'devices_unmapped unknown_form 0',
    ]);
  });

  it('shows the age of an answer that outlives its kubelet', () => {
    const podResources = { up: false, reason: 'timeout', ageMs: 61_000 } as const;
    expect(series({ podResources, unmappedDevices: null })).toContain('resources_age_seconds  61');
  });
});

import { describe, expect, it } from 'vitest';
import {
  cyclicVerdict,
  sampleGpu,
  sampleSnapshot,
} from '../../../test/support/exposition/sample-snapshot.ts';
import type { InstanceSnapshot } from '../../sampling/snapshot.ts';
import { createDeviceLabels } from '../device-labels.ts';
import type { Sample } from '../family.ts';
import { migFamilies } from './mig.ts';
import { usageFamilies } from './usage.ts';

function instance(gpuInstanceId: number, profile: string, utilPercent: number): InstanceSnapshot {
  const { device, ...whole } = sampleGpu(0);
  const part = { gpuInstanceId, profile, computeSlices: Number(profile[0]) };
  return { ...whole, device: { ...device, instance: part }, readings: { utilPercent } };
}

const gpu = sampleGpu(0, { instances: [instance(1, '3g.20gb', 50), instance(2, '4g.20gb', 100)] });
const observation = {
  snapshot: sampleSnapshot([gpu]),
  verdicts: new Map([['GPU-0/2', cyclicVerdict]]),
  holders: new Map(),
  labels: createDeviceLabels('node-1'),
};

function samplesOf(name: string, families = migFamilies): Sample[] {
  const into: Sample[] = [];
  families.find((family) => family.name === name)?.sample(gpu, observation, into);
  return into;
}

const labels = (id: string, profile: string) => ({
  node: 'node-1',
  gpu: '0',
  uuid: 'GPU-0',
  gpu_instance_id: id,
  profile,
});

describe('exposition/families/mig', () => {
  it('shows readings of each GPU instance with its number and profile', () => {
    expect(samplesOf('gpu_mig_utilization_ratio')).toEqual([
      { value: 0.5, sharedLabels: labels('1', '3g.20gb') },
      { value: 1, sharedLabels: labels('2', '4g.20gb') },
    ]);
    expect(samplesOf('gpu_mig_info')[0]?.labels).toEqual({ compute_slices: '3' });
    expect(migFamilies.map(({ name }) => name)).not.toContain('gpu_mig_power_watts');
  });

  it('shows the verdict about an instance as its own, not as that of the GPU', () => {
    expect(samplesOf('gpu_mig_usage_period_seconds')).toEqual([
      { value: 31.4, sharedLabels: labels('2', '4g.20gb') },
    ]);
    expect(samplesOf('gpu_mig_usage_pattern_info')[0]?.labels).toMatchObject({
      pattern: 'cyclic',
      job_type: 'DLT',
    });
    expect(samplesOf('gpu_usage_period_seconds', usageFamilies)).toEqual([]);
  });
});

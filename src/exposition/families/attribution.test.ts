import { describe, expect, it } from 'vitest';
import type { GpuHolder } from '../../attribution/gpu-holders.ts';
import type { GpuSnapshot } from '../../sampling/snapshot.ts';
import { createDeviceLabels } from '../device-labels.ts';
import type { Labels, Observation, Sample } from '../family.ts';
import { attributionFamilies } from './attribution.ts';

const device = { index: 0, uuid: 'GPU-0', model: 'NVIDIA H100' };
const holder: GpuHolder = { namespace: 'n', pod: 'p', container: 'c', resource: 'nvidia.com/gpu' };

/** The labels of a family's series about one GPU, beyond those of the device. */
function series(
  family: string,
  holders: readonly GpuHolder[],
  attribution: readonly Labels[] = [],
): (Labels | undefined)[] {
  const into: Sample[] = [];
  const observation = {
    labels: createDeviceLabels('node-1'),
    holders: new Map([['GPU-0', holders]]),
  } as unknown as Observation;
  const gpu = { device, attribution } as unknown as GpuSnapshot;
  attributionFamilies.find(({ name }) => name === family)?.sample(gpu, observation, into);
  for (const { value, sharedLabels } of into) {
    expect(value).toBe(1);
    expect(sharedLabels).toEqual({ node: 'node-1', gpu: '0', uuid: 'GPU-0' });
  }
  return into.map(({ labels }) => labels);
}

describe('exposition/families/attribution', () => {
  it('has a series for each holder, with what is known of it', () => {
    const part = { ...holder, pod: 'q', migUuid: 'MIG-1', claim: 'mine' };
    expect(series('gpu_pod_info', [holder, part])).toEqual([
      { namespace: 'n', pod: 'p', container: 'c', resource: 'nvidia.com/gpu' },
      {
        namespace: 'n',
        pod: 'q',
        container: 'c',
        resource: 'nvidia.com/gpu',
        mig_uuid: 'MIG-1',
        claim: 'mine',
      },
    ]);
    expect(series('gpu_pod_info', [])).toEqual([]);
  });

  it('leaves out of what an exporter attributed no more than what it says of holders already', () => {
    const said = { pod: 'p', namespace: 'n', container: 'c' };
    const more = { ...said, hpc_job: '7' };
    const other = { ...said, pod: 'q' };
    expect(series('gpu_attribution_info', [holder], [said, more, other])).toEqual([more, other]);
    expect(series('gpu_attribution_info', [], [said])).toEqual([said]);
  });
});

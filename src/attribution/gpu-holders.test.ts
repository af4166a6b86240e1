import { describe, expect, it } from 'vitest';
import type { GpuDevice } from '../gpu/source.ts';
import { gpuHolders, GpuHoldersCache, unknownHolders } from './gpu-holders.ts';
import type { HeldDevice } from './held-device.ts';

const [uuid0, uuid1, uuid2] = [
  'GPU-8f6d51a5-6a4c-4cc9-a8a1-000000000000',
  'GPU-8f6d51a5-6a4c-4cc9-a8a1-000000000001',
  'GPU-8f6d51a5-6a4c-4cc9-a8a1-000000000002',
] as const;
const part1 = 'MIG-5f1c2b0e-1d1f-5c6b-9a53-000000000001';
const part2 = 'MIG-5f1c2b0e-1d1f-5c6b-9a53-000000000002';
const part3 = 'MIG-5f1c2b0e-1d1f-5c6b-9a53-000000000003';

/** Index and minor number differ, as they do where one GPU is bound to another driver. GPU 2 is parted. */
const gpus: readonly GpuDevice[] = [
  { index: 0, uuid: uuid0, model: 'm', minorNumber: 3, pciBusId: '00000000:3B:00.0' },
  { index: 1, uuid: uuid1, model: 'm', minorNumber: 0, pciBusId: '00000000:86:00.0' },
  {
    index: 2,
    uuid: uuid2,
    model: 'm',
    minorNumber: 1,
    migDevices: [
      { uuid: part1, gpuInstanceId: 7 },
      { uuid: part2, gpuInstanceId: 9 },
      { uuid: part3, gpuInstanceId: 9 },
    ],
  },
];

function held(deviceId: string, more: Partial<HeldDevice> = {}): HeldDevice {
  return {
    namespace: 'team',
    pod: 'train',
    container: 'main',
    resource: 'nvidia.com/gpu',
    deviceId,
    ...more,
  };
}

/** Where one device goes: `UUID`, `UUID of the GPU | UUID of the part`, or why it goes nowhere. */
function placeOf(device: HeldDevice, among = gpus): string | undefined {
  const { byUuid, unmapped } = gpuHolders([device], among);
  for (const [uuid, [holder]] of byUuid) {
    return holder?.migUuid === undefined ? uuid : `${uuid} | ${holder.migUuid}`;
  }
  return Object.entries(unmapped ?? {}).find(([, count]) => count > 0)?.[0];
}

describe('attribution/gpu-holders', () => {
  it.each([
    [uuid1, uuid1],
    [uuid1.toUpperCase(), uuid1],
    [`${uuid1}::3`, uuid1],
    [`${uuid1}-12`, uuid1],
    [part1, `${uuid2} | ${part1}`],
    [`${part2}::0`, `${uuid2} | ${part2}`],
    [`MIG-${uuid2}/7/0`, `${uuid2} | ${part1}`],
    // Two compute instances in one GPU instance: the instance does not say which.
    [`MIG-${uuid2}/9/0`, uuid2],
    ['nvidia3', uuid0],
    ['nvidia0', uuid1],
    ['nvidia1/gi7', `${uuid2} | ${part1}`],
    ['nvidia1/gi4', uuid2],
    ['nvidia3/vgpu2', uuid0],
    ['nvidia1/gi7/vgpu0', `${uuid2} | ${part1}`],
    ['1', uuid1],
    ['1::4', uuid1],
    ['0000:86:00.0', uuid1],
    ['00000000:3b:00.0', uuid0],
    ['nvidia9', 'unknown_gpu'],
    ['17', 'unknown_gpu'],
    ['0000:01:00.0', 'unknown_gpu'],
    ['GPU-8f6d51a5-6a4c-4cc9-a8a1-00000000000f', 'unknown_gpu'],
    ['MIG-5f1c2b0e-1d1f-5c6b-9a53-00000000000f', 'unknown_mig'],
    ['MIG-GPU-8f6d51a5-6a4c-4cc9-a8a1-00000000000f/1/0', 'unknown_mig'],
    ['eth0', 'unknown_form'],
    ['', 'unknown_form'],
  ])('finds the GPU of %j: %s', (deviceId, place) => {
    expect(placeOf(held(deviceId))).toBe(place);
  });

  it('takes a bare number for an index only where the resource says that it is a GPU', () => {
    expect(placeOf(held('1', { resource: 'acme.com/shared-GPU' }))).toBe(uuid1);
    expect(placeOf(held('1', { resource: 'nvidia.com/hostdev' }))).toBe('unknown_form');
  });

  it('takes the number of a device file for an index where minor numbers are not known', () => {
    const plain = gpus.map(({ index, uuid, model }) => ({ index, uuid, model }));
    expect(placeOf(held('nvidia1'), plain)).toBe(uuid1);
  });

  it.each([
    ['gpu-3', [], uuid0],
    ['gpu-1-mig-9-4-4', [], uuid2],
    ['gpu-8', [], 'unknown_gpu'],
    ['', ['k8s.gpu.nvidia.com/claim=0d7cbb6e-4f5e-4d2f-bb1d-1f4c8a0f0f0f-gpu-0'], uuid1],
    ['first', [`nvidia.com/gpu=${part1}`], `${uuid2} | ${part1}`],
    ['first', ['nvidia.com/gpu=2'], uuid2],
    ['first', ['nvidia.com/gpu=all'], 'unknown_form'],
    ['channel-0', [], 'unknown_form'],
  ])('finds the GPU of a claimed device %j %j', (deviceId, cdiNames, place) => {
    const claim = { name: 'c', cdiNames };
    expect(placeOf(held(deviceId, { resource: 'gpu.nvidia.com', claim }))).toBe(place);
  });

  it('shows every pod of a shared GPU, and a container with several shares once', () => {
    const { byUuid, unmapped } = gpuHolders(
      [
        held(`${uuid0}::0`),
        held(`${uuid0}::1`),
        held(`${uuid0}::2`, { pod: 'serve' }),
        held(`${uuid0}::3`, { pod: 'serve', container: 'sidecar' }),
        held(uuid1, { pod: 'serve' }),
        held('eth0'),
      ],
      gpus,
    );
    const names = (byUuid.get(uuid0) ?? []).map(({ pod, container }) => `${pod}/${container}`);
    expect(names).toEqual(['train/main', 'serve/main', 'serve/sidecar']);
    expect(byUuid.get(uuid1)).toEqual([
      { namespace: 'team', pod: 'serve', container: 'main', resource: 'nvidia.com/gpu' },
    ]);
    expect(byUuid.has(uuid2)).toBe(false);
    expect(unmapped).toEqual({ unknown_gpu: 0, unknown_mig: 0, unknown_form: 1 });
  });

  it('is made once for each answer and each set of GPUs', () => {
    const cache = new GpuHoldersCache();
    expect(cache.of(null, gpus)).toBe(unknownHolders);
    const list = [held(uuid0)];
    const first = cache.of(list, gpus);
    expect(cache.of(list, [...gpus])).toBe(first);
    expect(cache.of(list, gpus.slice(1)).unmapped?.unknown_gpu).toBe(1);
    expect(cache.of([...list], gpus)).not.toBe(first);
    expect(cache.of(null, gpus).unmapped).toBeNull();
  });
});

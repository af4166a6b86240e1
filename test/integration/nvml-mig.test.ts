import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FakeKubelet, podWith } from '../support/kubelet/fake-kubelet.ts';
import { untilScriptIsRead, useStandins } from '../support/nvml/use-standins.ts';
import { useCollectors } from './collector/use-collectors.ts';

const standins = useStandins();
const { start } = useCollectors();
const signal = new AbortController().signal;

/** Slots with gaps between them, two compute instances in one GPU instance. */
const parts = [
  { slot: 0, uuid: 'MIG-5f1c2b0e-1d1f-5c6b-9a53-000000000000', gpuInstance: 7 },
  { slot: 2, uuid: 'MIG-5f1c2b0e-1d1f-5c6b-9a53-000000000002', gpuInstance: 9 },
  { slot: 3, uuid: 'MIG-5f1c2b0e-1d1f-5c6b-9a53-000000000003', gpuInstance: 9 },
];
const parted = { devices: 2, gpus: { 1: { mig: 'on', migDevices: parts } } } as const;
const told = parts.map(({ uuid, gpuInstance }) => ({ uuid, gpuInstanceId: gpuInstance }));

describe('MIG devices', () => {
  it('are told with the GPU that they are part of', async () => {
    const { source, calls } = await standins.setUp(parted);
    const [whole, divided] = await source.open(signal);
    expect(whole).not.toHaveProperty('migDevices');
    expect(divided?.migDevices).toEqual(told);
    // A GPU that is whole is not asked for its parts, now or later.
    await source.read('slow', signal);
    expect(calls('nvmlDeviceGetMaxMigDeviceCount')).toBe(2);
  });

  it('come and go, and only then the GPUs are told anew', async () => {
    const { source, standin } = await standins.setUp(parted);
    await source.open(signal);
    expect(await source.read('slow', signal)).not.toHaveProperty('devices');
    standin.rewrite({ devices: 2, gpus: { 1: { mig: 'on', migDevices: parts.slice(1) } } });
    await untilScriptIsRead();
    const changed = await source.read('slow', signal);
    expect(changed.devices?.[1]?.migDevices).toEqual(told.slice(1));
    expect(changed.devices?.[0]).not.toHaveProperty('migDevices');
    expect(await source.read('slow', signal)).not.toHaveProperty('devices');
  });

  it('are not made up by a driver that cannot tell them', async () => {
    const absent = ['nvmlDeviceGetMigDeviceHandleByIndex'];
    const { source } = await standins.setUp(parted, {}, { absent });
    const [, divided] = await source.open(signal);
    expect(divided?.migEnabled).toBe(true);
    expect(divided).not.toHaveProperty('migDevices');
  });

  it('are shown with the pods that hold them', async () => {
    const { standin } = await standins.setUp(parted);
    const kubelet = new FakeKubelet(join(standins.folder, 'kubelet.sock'));
    await kubelet.start();
    try {
      const resource = 'nvidia.com/mig-1g.10gb';
      kubelet.pods([
        podWith('a', [parts[0]?.uuid ?? ''], { resource }),
        podWith('b', [`${parts[2]?.uuid}::1`], { resource }),
        podWith('c', ['MIG-00000000-1d1f-5c6b-9a53-000000000000'], { resource }),
      ]);
      const collector = await start(
        '--source',
        'nvml',
        '--nvml.library',
        standin.library,
        '--pod-resources.socket',
        kubelet.socket,
      );
      const text = await collector.until('pods', (found) => found.includes('pod="b"'));
      const line = (pod: string): string | undefined =>
        text.split('\n').find((found) => found.startsWith('gpu_pod_info{') && found.includes(pod));
      expect(line('pod="a"')).toContain(`mig_uuid="${parts[0]?.uuid}",node="test-node",gpu="1"`);
      expect(line('pod="b"')).toContain(`mig_uuid="${parts[2]?.uuid}"`);
      expect(line('pod="c"')).toBeUndefined();
      expect(text).toContain('gpu_profiler_pod_devices_unmapped{reason="unknown_mig"} 1');
    } finally {
      kubelet.stop();
    }
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { FakeKubelet } from '../../support/kubelet/fake-kubelet.ts';
import { placeStandin } from '../../support/nvml/standin.ts';

export interface BesideKubelet {
  /** Removed at the end of the file; the socket of the kubelet is in it. */
  readonly folder: string;
  readonly socket: string;
  /** Of the four GPUs, by index. */
  readonly uuids: readonly string[];
  /** Options of a collector that reads these GPUs. */
  readonly readsGpus: () => readonly string[];
  /** Started; ended after the test. */
  readonly startKubelet: () => Promise<FakeKubelet>;
}

/** For the top of a test file: four GPUs of a stand-in driver, and kubelets on one socket. */
export function useKubelet(): BesideKubelet {
  const folder = mkdtempSync(join(tmpdir(), 'beside-kubelet-'));
  const socket = join(folder, 'kubelet.sock');
  const uuids = [0, 1, 2, 3].map((i) => `GPU-5d1c3f2e-0000-4000-8000-00000000000${i}`);
  const kubelets: FakeKubelet[] = [];
  let library = '';
  beforeAll(async () => {
    const gpus = Object.fromEntries(uuids.map((uuid, index) => [index, { uuid }]));
    ({ library } = await placeStandin(join(folder, 'driver'), { devices: uuids.length, gpus }));
  });
  afterEach(() => {
    for (const kubelet of kubelets.splice(0)) kubelet.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    socket,
    uuids,
    readsGpus: () => ['--source=nvml', `--nvml.library=${library}`],
    startKubelet: async () => {
      const kubelet = new FakeKubelet(socket);
      await kubelet.start();
      kubelets.push(kubelet);
      return kubelet;
    },
  };
}

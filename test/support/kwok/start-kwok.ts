import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiServer } from '../apiserver.ts';
import { findPart } from '../parts/find-part.ts';
import { freePort } from '../port.ts';
import { answersOk, makeDataDir, Service, startService } from '../service.ts';

const stages = join(import.meta.dirname, 'stages.yaml');

/** Starts kwok, which plays the kubelet of every node (stages.yaml says how). */
export async function startKwok(apiServer: ApiServer): Promise<Service> {
  const command = await findPart('kwok');
  const dataDir = await makeDataDir('kwok');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(dataDir, 'kwok.yaml');
  await writeFile(config, JSON.stringify(configuration(`127.0.0.1:${port}`)));
  const service = new Service({
    name: 'kwok',
    url,
    command,
    args: [
      `--kubeconfig=${await apiServer.writeKubeconfig()}`,
      `--config=${config}`,
      `--config=${stages}`,
    ],
    // It reads and writes ~/.kwok otherwise.
    env: { ...process.env, KWOK_WORKDIR: dataDir },
    dataDir,
    isReady: () => answersOk(`${url}/healthz`),
  });
  return startService(service);
}

function configuration(serverAddress: string): object {
  return {
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokConfiguration',
    options: {
      manageAllNodes: true,
      serverAddress,
      nodeIP: '10.0.0.1',
      podPlayStageParallelism: 8,
      nodePlayStageParallelism: 8,
    },
  };
}

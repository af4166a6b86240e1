import { join } from 'node:path';
import { findPart } from './parts/find-part.ts';
import { freePort } from './port.ts';
import { answersOk, makeDataDir, Service, startService } from './service.ts';

/** Starts etcd on 127.0.0.1, without waiting for the disk: its data does not outlive the test. */
export async function startEtcd(): Promise<Service> {
  const command = await findPart('etcd');
  const dataDir = await makeDataDir('etcd');
  const url = `http://127.0.0.1:${await freePort()}`;
  const peerUrl = `http://127.0.0.1:${await freePort()}`;
  const service = new Service({
    name: 'etcd',
    url,
    command,
    args: [
      `--data-dir=${join(dataDir, 'data')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    dataDir,
    isReady: () => answersOk(`${url}/health`),
  });
  return startService(service);
}

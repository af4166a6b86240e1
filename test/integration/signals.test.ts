import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeApiServer } from '../support/fake-apiserver/fake-apiserver.ts';
import { writeKubeconfig } from '../support/kubeconfig.ts';
import { runProgram as run } from '../support/run-program.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-signals-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a command that is interrupted before it is done', () => {
  it.each([
    ['analyze', 'SIGINT', 130],
    ['analyze', 'SIGTERM', 143],
    ['controller --once, before the nodes are listed', 'SIGINT', 130],
  ] as const)('%s on %s ends without a word, with %d', async (what, signal, code) => {
    // Connected, and never answered.
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const kubeconfig = join(folder, 'silent.kubeconfig');
    await writeKubeconfig(kubeconfig, { url, ca: '', token: 'x' });
    const args =
      what === 'analyze'
        ? ['analyze', `--prometheus.url=${url}`, '--node=n']
        : [
            'controller',
            '--once',
            '--dry-run',
            '--prometheus.url=http://x',
            `--kubeconfig=${kubeconfig}`,
          ];
    const ended = await run([...args, '--log.level=error'], {
      whenConnected: { to: silent, act: (kill) => kill(signal) },
    });
    silent.close();
    expect(ended).toEqual({ code, signal: null, stdout: '', stderr: '' });
  });

  it('controller --once in the middle of its cycle: neither a failure nor a word', async () => {
    const api = await startFakeApiServer(['node-a']);
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const prometheus = `--prometheus.url=http://127.0.0.1:${port}`;
    const kubeconfig = `--kubeconfig=${api.kubeconfigFile}`;
    const args = ['controller', '--once', '--dry-run', prometheus, kubeconfig];
    const ended = await run([...args, '--log.level=error'], {
      whenConnected: { to: silent, act: (kill) => kill('SIGINT') },
    });
    silent.close();
    await api.close();
    expect(ended).toEqual({ code: 130, signal: null, stdout: '', stderr: '' });
  });
});

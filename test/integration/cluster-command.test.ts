import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startProcess } from '../support/child-process.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { makeDataDir } from '../support/service.ts';
import { waitUntil } from '../support/wait-until.ts';

const main = join(import.meta.dirname, '..', 'support', 'cluster', 'main.ts');

describeWithCluster('npm run cluster', () => {
  it('ends everything in order on Ctrl-C', async () => {
    const folder = await makeDataDir('cluster-command');
    const logFile = join(folder, 'log');
    const started = startProcess({
      name: 'cluster',
      command: process.execPath,
      args: [main],
      logFile,
      folder,
    });
    const said = (): Promise<string> => readFile(logFile, 'utf8');
    try {
      await waitUntil(async () => (await said()).includes('Ctrl-C ends everything'), {
        what: 'the cluster running',
        timeoutMs: 90_000,
        everyMs: 500,
      });
      started.signal('SIGINT');
      await waitUntil(() => Promise.resolve(started.ended() !== undefined), {
        what: 'the cluster ended',
        timeoutMs: 20_000,
      });
      expect(await said()).toContain('Stopping');
      expect(started.ended()).toEqual({ code: 0, signal: null });
    } finally {
      await started.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

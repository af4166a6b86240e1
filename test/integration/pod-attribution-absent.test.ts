import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PodResources } from '../../src/attribution/pod-resources.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { podWith } from '../support/kubelet/fake-kubelet.ts';
import { waitUntil } from '../support/wait-until.ts';
import { useKubelet } from './collector/beside-kubelet.ts';
import { valuesOf } from './collector/running-collector.ts';
import { useCollectors } from './collector/use-collectors.ts';

const { start } = useCollectors();
const { folder, socket, uuids, readsGpus, startKubelet } = useKubelet();
const up = (text: string): number | undefined =>
  valuesOf(text, 'gpu_profiler_pod_resources_up').get('');

describe('a collector without a kubelet', () => {
  it('says so once, quietly, where there is none', async () => {
    const collector = await start(
      ...readsGpus(),
      '--pod-resources.socket',
      join(folder, 'none', 'kubelet.sock'),
      '--pod-resources.interval',
      '1s',
    );
    const text = await collector.until('reason', (found) => found.includes('"no_kubelet"'));
    expect(up(text)).toBe(0);
    expect(text).not.toMatch(/^gpu_pod_info|^gpu_profiler_pod_(devices|resources_age)/m);
    await sleep(1_500);
    expect(collector.log.match(/no kubelet: pods are not shown/g)).toHaveLength(1);
    expect(collector.log).not.toMatch(/ (warn|error) /);
    expect((await collector.get('/readyz')).status).toBe(200);
  });

  it('warns with the next step where the folder is there and the socket is not', async () => {
    const collector = await start(...readsGpus(), '--pod-resources.socket', socket);
    await collector.until('reason', (found) => found.includes('"socket_missing"'));
    expect(collector.log).toMatch(/ warn .*kubelet does not tell.*hint=.*systemctl status kubelet/);
  });

  it('does not ask when it is told not to', async () => {
    const kubelet = await startKubelet();
    const collector = await start(...readsGpus(), '--no-pod-resources.enabled');
    const text = await collector.until('reason', (found) => found.includes('reason="off"'));
    expect(up(text)).toBe(0);
    expect(kubelet.requests).toBe(0);
  });
});

describe('what a kubelet said long ago', () => {
  it('is not shown any more: nothing is known then, which is not the same as no pods', async () => {
    const kubelet = await startKubelet();
    kubelet.pods([podWith('train', [`${uuids[0]}`])]);
    const pods = new PodResources({
      socket: kubelet.socket,
      intervalMs: 100,
      keepMs: 700,
      resources: ['nvidia.com/*'],
      clock: systemClock,
      log: silentLogger,
    });
    const stop = new AbortController();
    expect(pods.status()).toEqual({ up: false, reason: 'starting', ageMs: null });
    const running = pods.run(stop.signal);
    await waitUntil(() => pods.held()?.length === 1, { what: 'an answer', timeoutMs: 5_000 });
    kubelet.stop();
    await waitUntil(() => !pods.status().up, { what: 'down', timeoutMs: 5_000, everyMs: 10 });
    expect(pods.held()).toHaveLength(1);
    await waitUntil(() => pods.held() === null, { what: 'forgotten', timeoutMs: 5_000 });
    expect(pods.status()).toMatchObject({ up: false, ageMs: null });
    await kubelet.start();
    kubelet.pods([]);
    await waitUntil(() => pods.status().up, { what: 'back', timeoutMs: 40_000 });
    expect(pods.held()).toEqual([]);
    stop.abort();
    await running;
  });
});

import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { podWith } from '../support/kubelet/fake-kubelet.ts';
import { fullNode } from '../support/kubelet/full-node.ts';
import { waitUntil } from '../support/wait-until.ts';
import { useKubelet } from './collector/beside-kubelet.ts';
import type { RunningCollector } from './collector/running-collector.ts';
import { valuesOf } from './collector/running-collector.ts';
import { useCollectors } from './collector/use-collectors.ts';

const { start } = useCollectors();
const { socket, uuids, readsGpus, startKubelet } = useKubelet();

function startCollector(...args: readonly string[]): Promise<RunningCollector> {
  const kubelet = ['--pod-resources.socket', socket, '--pod-resources.interval', '1s'];
  return start(...readsGpus(), ...kubelet, ...args);
}

/** The series of a family, sorted, without its name. */
function seriesOf(text: string, family: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${family}{`));
  return lines.map((line) => line.slice(family.length)).toSorted();
}

function podSeries(gpu: number, pod: string, more = ''): string {
  return `{namespace="default",pod="${pod}",container="main",resource="nvidia.com/gpu"${more},node="test-node",gpu="${gpu}",uuid="${uuids[gpu]}"} 1`;
}

const gpu = (index: number, share = ''): string => `${uuids[index]}${share}`;
const up = (text: string): number | undefined =>
  valuesOf(text, 'gpu_profiler_pod_resources_up').get('');

describe('a collector beside a kubelet', () => {
  it('shows which container holds which GPU, every one of a shared GPU, and counts what it cannot place', async () => {
    const kubelet = await startKubelet();
    kubelet.pods([
      podWith('train', [gpu(0), gpu(1)]),
      podWith('one', [gpu(2, '::0'), gpu(2, '::1')]),
      podWith('two', [gpu(2, '::2')]),
      podWith('odd', ['GPU-ffffffff-0000-4000-8000-000000000000', 'eth7']),
      podWith('nic', ['0'], { resource: 'example.com/nic' }),
      podWith('web', []),
    ]);
    const collector = await startCollector('--metrics.dialects', 'native,dcgm');
    const text = await collector.until('pods', (found) => found.includes('pod="train"'));
    expect(seriesOf(text, 'gpu_pod_info')).toEqual(
      [
        podSeries(0, 'train'),
        podSeries(1, 'train'),
        podSeries(2, 'one'),
        podSeries(2, 'two'),
      ].toSorted(),
    );
    expect(up(text)).toBe(1);
    expect(valuesOf(text, 'gpu_profiler_pod_resources_age_seconds').has('')).toBe(true);
    expect(seriesOf(text, 'gpu_profiler_pod_resources_down_reason_info')).toEqual([]);
    expect(seriesOf(text, 'gpu_profiler_pod_devices_unmapped')).toEqual([
      '{reason="unknown_form"} 1',
      '{reason="unknown_gpu"} 1',
      '{reason="unknown_mig"} 0',
    ]);
    // A sum over GPUs is a sum over GPUs, however many share one.
    const others = text.split('\n').filter((line) => !line.startsWith('gpu_pod_info{'));
    expect(others.filter((line) => /[{,](pod|namespace|container)="/.test(line))).toEqual([]);

    kubelet.pods([podWith('next', [gpu(0)])]);
    const later = await collector.until('the next pod', (found) => found.includes('pod="next"'));
    expect(seriesOf(later, 'gpu_pod_info')).toEqual([podSeries(0, 'next')]);
  });

  it('survives a restart of the kubelet, keeping what it said meanwhile', async () => {
    const kubelet = await startKubelet();
    kubelet.pods([podWith('before', [gpu(0)])]);
    const collector = await startCollector();
    await collector.until('the pod', (found) => found.includes('pod="before"'));
    kubelet.stop();
    // A call that was under way may tell another reason first.
    const down = await collector.until('kubelet away', (found) =>
      found.includes('down_reason_info{reason="socket_missing"} 1'),
    );
    expect(up(down)).toBe(0);
    expect(down).toContain('pod="before"');
    await sleep(1_500);
    const aged = await collector.metrics();
    const age = (text: string): number =>
      valuesOf(text, 'gpu_profiler_pod_resources_age_seconds').get('') ?? Number.NaN;
    expect(age(aged)).toBeGreaterThan(age(down));
    await kubelet.start();
    kubelet.pods([podWith('after', [gpu(3)])]);
    const back = await collector.until('the pod of after', (found) => found.includes('"after"'));
    expect(up(back)).toBe(1);
    expect(back).not.toContain('pod="before"');
    // Once for each reason, not for each try.
    const warned = collector.log.match(/kubelet does not tell who holds devices err.*errCode=\w+/g);
    const reasons = (warned ?? []).map((line) => line.replace(/.*errCode=/, ''));
    expect(reasons).toContain('socket_missing');
    expect(new Set(reasons).size).toBe(reasons.length);
  });

  it('answers scrapes at once and goes on reading GPUs while the kubelet hangs', async () => {
    const kubelet = await startKubelet();
    const { pods } = fullNode();
    kubelet.pods([podWith('train', [gpu(0)]), ...pods]);
    const collector = await startCollector();
    await collector.until('the pod', (found) => found.includes('pod="train"'));
    for (let i = 0; i < 20; i += 1) await collector.get('/metrics');
    kubelet.behave({ kind: 'hang' });
    const asked = kubelet.requests;
    await waitUntil(() => kubelet.requests > asked, { what: 'a request', timeoutMs: 5_000 });
    // Answered and read anew while the kubelet is still waited for; the time-out is told when that is over.
    const lastReads = new Set<number>();
    let text = await collector.metrics();
    for (; up(text) === 1; text = await collector.metrics()) {
      lastReads.add(valuesOf(text, 'gpu_profiler_last_read_timestamp_seconds').get('') ?? 0);
      await sleep(20);
    }
    expect(lastReads.size).toBeGreaterThan(2);
    expect(text).toContain('down_reason_info{reason="timeout"} 1');
    expect(text).toContain('pod="train"');
    expect([...valuesOf(text, 'gpu_up').values()]).toEqual([1, 1, 1, 1]);
    // One at a time: a kubelet that hangs is not asked again and again.
    expect(kubelet.requests - asked).toBeLessThanOrEqual(2);
    collector.terminate();
    expect(await collector.exit).toBe(0);
  });

  it('repeats nothing that gpu_pod_info says when dcgm-exporter says it too', async () => {
    const kubelet = await startKubelet();
    kubelet.pods([podWith('train', ['GPU-1'])]);
    const page = [
      'DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",modelName="H100",pod="train",namespace="default",container="main"} 50',
      'DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-2",modelName="H100",pod="other",namespace="default",container="main"} 60',
    ].join('\n');
    const exporter = createServer((_, response) => response.end(`${page}\n`));
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}/metrics`;
    const collector = await start(
      '--source',
      'dcgm',
      '--dcgm.url',
      url,
      '--dcgm.interval',
      '500ms',
      '--pod-resources.socket',
      kubelet.socket,
      '--pod-resources.interval',
      '1s',
    );
    const text = await collector.until(
      'both',
      (found) => found.includes('gpu_pod_info{') && found.includes('gpu_attribution_info{'),
    );
    exporter.close();
    expect(seriesOf(text, 'gpu_pod_info').join()).toContain('pod="train"');
    expect(seriesOf(text, 'gpu_attribution_info').join()).not.toContain('pod="train"');
    expect(seriesOf(text, 'gpu_attribution_info').join()).toContain('pod="other"');
  });
});

describe('standalone beside a kubelet', () => {
  it('names the containers in its JSON lines', async () => {
    const kubelet = await startKubelet();
    kubelet.pods([podWith('train', [`${uuids[1]}`], { namespace: 'team' })]);
    const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [
      main,
      'standalone',
      '--json',
      ...readsGpus(),
      `--pod-resources.socket=${kubelet.socket}`,
      '--analysis.interval=1s',
      '--duration=5s',
      '--web.listen-address=127.0.0.1:0',
    ]);
    const lines = stdout.trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '') as { gpus: { heldBy: string[] | null }[] };
    expect(last.gpus.map(({ heldBy }) => heldBy)).toEqual([[], ['team/train/main'], [], []]);
  });
});

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobTypeKey } from '../../src/controller/annotation-keys.ts';
import { createPrometheusUsage } from '../../src/controller/prometheus-usage.ts';
import { createPrometheusClient } from '../../src/prometheus/client.ts';
import { AnnotatedFleet } from '../support/controller/annotated-fleet.ts';
import { metricOf, startController } from '../support/controller/start-controller.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import {
  nativeText,
  startPlayedExporter,
  verdictText,
  type PlayedExporter,
  type PlayedGpu,
} from '../support/fake-prometheus/played-exporter.ts';
import { findPart } from '../support/parts/find-part.ts';
import { scrapeConfig, startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { laterTime, startQueryProxy, type QueryProxy } from '../support/query-proxy.ts';
import type { Service } from '../support/service.ts';
import { waitUntil } from '../support/wait-until.ts';

const ttlMs = 20_000;
const played = (node: string): PlayedGpu => ({
  node,
  index: 0,
  uuid: `GPU-${node}`,
  periodMs: 12_500,
});

describeWithCluster('a controller before a Prometheus that lies', () => {
  let plane: ControlPlane;
  let fleet: AnnotatedFleet;
  let exporter: PlayedExporter;
  let prometheus: Prometheus;
  let proxy: QueryProxy;
  let controller: Service;

  const problem = async (code: string): Promise<number | undefined> =>
    metricOf(controller, `gpu_profiler_controller_usage_problems{code="${code}"}`);
  const cycles = async (result: string): Promise<number> =>
    (await metricOf(controller, `gpu_profiler_controller_cycles_total{result="${result}"}`)) ?? 0;

  beforeAll(async () => {
    plane = await startControlPlane({});
    fleet = new AnnotatedFleet(plane.apiServer);
    await fleet.create('node-right');
    await fleet.create('node-ahead');
    exporter = await startPlayedExporter((timeMs) =>
      [
        nativeText(played('node-right'), timeMs),
        verdictText(played('node-right'), timeMs / 1_000),
        nativeText(played('node-ahead'), timeMs),
        verdictText(played('node-ahead'), timeMs / 1_000 + 600),
      ].join(''),
    );
    prometheus = await startPrometheus({
      config: scrapeConfig({ played: [exporter.target] }, { scrape: '1s' }),
    });
    proxy = await startQueryProxy(prometheus.url);
    await sleep(5_000);
    controller = await startController([
      `--prometheus.url=${proxy.url}`,
      `--kubeconfig=${await plane.apiServer.writeKubeconfig('test-admin')}`,
      '--lease.enabled=false',
      '--interval=2s',
      `--ttl=${ttlMs / 1_000}s`,
    ]);
    await waitUntil(
      async () => (await fleet.annotations('node-right'))[jobTypeKey(0)] !== undefined,
      { what: 'annotations', timeoutMs: 30_000 },
    );
  });

  afterAll(async () => {
    await controller?.stop();
    await proxy?.close();
    await prometheus?.stop();
    await exporter?.close();
    await plane?.stop();
  });

  it('tells whose verdicts are dated in the future', async () => {
    expect(await problem('verdict_from_future')).toBe(1);
    expect(await problem('server_time_jumped')).toBeUndefined();
  });

  it('keeps to what is true through one answer that is 600 s ahead, and calls no such cycle complete', async () => {
    const before = await fleet.annotations('node-right');
    const sinceMs = Date.now();
    const completeBefore = await cycles('complete');
    const incompleteBefore = await cycles('incomplete');
    let lies = 1;
    proxy.change = (query, answer) => {
      if (query !== 'time()' || lies === 0) return answer;
      lies -= 1;
      return laterTime(answer, 600);
    };
    await waitUntil(async () => (await problem('server_time_jumped')) === 1, {
      what: 'the code',
      timeoutMs: 10_000,
      everyMs: 50,
    });
    expect(await problem('no_gpu_series')).toBeUndefined();
    expect(await cycles('complete')).toBeLessThanOrEqual(completeBefore + 1);
    await sleep(ttlMs + 4_000);
    expect(await cycles('incomplete')).toBe(incompleteBefore + 1);
    expect(await cycles('complete')).toBeGreaterThan(completeBefore + 5);
    expect(await problem('server_time_jumped')).toBeUndefined();
    expect(await fleet.annotations('node-right')).toEqual(before);
    expect(await fleet.nodeWrites(sinceMs, 'node-right')).toEqual([]);
  });
});

describe('series of a real Prometheus that scrapes rarely', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await startPrometheus({ config: scrapeConfig({}, { scrape: '30s' }) });
    await prometheus.halt();
    const file = join(prometheus.dataDir, 'history.om');
    await writeFile(file, history([30, 60]));
    const promtool = await findPart('promtool');
    const data = join(prometheus.dataDir, 'data');
    await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', file, data]);
    await prometheus.start();
  });

  afterAll(async () => {
    await prometheus?.stop();
  });

  it('are enough for a verdict with the default window', async () => {
    const client = createPrometheusClient({
      url: prometheus.url,
      timeoutMs: 10_000,
      maxBodyBytes: 5_000_000,
    });
    const source = createPrometheusUsage({
      client,
      dialects: 'auto',
      nodeLabels: ['Hostname'],
      windowMs: 600_000,
      inFlight: 2,
      shardBytes: 1_200_000,
    });
    const fleet = await source.read(['node-30', 'node-60'], new AbortController().signal);
    client.close();
    expect(fleet).toMatchObject({ complete: true, problems: [] });
    for (const node of ['node-30', 'node-60']) {
      const { length } = fleet.nodes.get(node)?.gpus[0]?.usage?.channels.util?.values ?? [];
      expect(length).toBeGreaterThanOrEqual(38);
    }
  });
});

/** Two hours of a GPU for each interval, up to now, as OpenMetrics text. */
function history(intervals: readonly number[]): string {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const lines = intervals.flatMap((seconds) => {
    const labels = `Hostname="node-${seconds}",gpu="0",UUID="GPU-${seconds}",instance="node-${seconds}:9400",job="dcgm"`;
    const count = 7_200 / seconds;
    return Array.from({ length: count }, (_, at) => {
      const time = nowSeconds + 10 - (count - 1 - at) * seconds;
      return `DCGM_FI_DEV_GPU_UTIL{${labels}} ${95 + (at % 3)} ${time}`;
    });
  });
  return ['# TYPE DCGM_FI_DEV_GPU_UTIL gauge', ...lines, '# EOF', ''].join('\n');
}

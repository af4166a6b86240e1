/**
 * Pull and parse of the windows of a fleet: in shards and incrementally, against one query for everything, in the same run.
 * `node bench/prometheus.ts [--series 40000] [--window 120] [--step 1]`: a process of its own plays Prometheus (JSON made on the fly),
 * and each way runs in a process of its own, so that CPU, memory and pauses are of the client alone. Wall time includes making the JSON.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createPrometheusClient } from '../src/prometheus/client.ts';
import { RangeWindows } from '../src/prometheus/range-windows.ts';

const gpusPerHost = 8;
const startSeconds = 1_795_000_000;
const cycleSeconds = 30;

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '40000' },
    window: { type: 'string', default: '120' },
    step: { type: 'string', default: '1' },
    role: { type: 'string', default: 'main' },
    url: { type: 'string', default: '' },
  },
});
const seriesCount = Number(values.series);
const windowSeconds = Number(values.window);
const stepSeconds = Number(values.step);
const hosts = Array.from({ length: seriesCount / gpusPerHost }, (_, at) => `gpu-host-${at}:9400`);

const ways = { whole: Infinity, sharded: 1_200_000 } as const;
type Way = keyof typeof ways;

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Most CPU time of the main thread between two turns of the event loop: a pause, without what a busy machine adds to it. */
  readonly longestPauseMs: number;
  readonly requests: number;
  readonly megabytes: number;
}

interface Report {
  readonly cold: Cost;
  readonly next: Cost;
  readonly peakRssMiB: number;
  readonly samples: number;
}

/** Ten labels, as dcgm-exporter and a cluster's relabelling leave them. */
function seriesText(host: string, gpu: number, from: number, until: number): string {
  const number = host.slice(9, -5);
  let text =
    `{"metric":{"__name__":"DCGM_FI_DEV_GPU_UTIL","DCGM_FI_DRIVER_VERSION":"550.54.15","Hostname":"gpu-host-${number}",` +
    `"UUID":"GPU-6f3a9c1e-4b2d-4e8f-9a7c-${number.padStart(10, '0')}${gpu}","device":"nvidia${gpu}","gpu":"${gpu}",` +
    `"instance":"${host}","job":"dcgm-exporter","modelName":"NVIDIA A100-SXM4-80GB","pci_bus_id":"00000000:${gpu}0:00.0"},"values":[`;
  const first = Math.ceil((from + 0.001) / stepSeconds) * stepSeconds;
  for (let at = first; at <= until; at += stepSeconds) {
    text += `${at === first ? '' : ','}[${at}.123,"${(at * 7 + gpu * 13) % 101}"]`;
  }
  return `${text}]}`;
}

function serve(): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const query = form.get('query') ?? '';
      const until = Number(form.get('time'));
      const seconds = Number(/\[(\d+)ms\]/.exec(query)?.[1]) / 1_000;
      response.write('{"status":"success","data":{"resultType":"matrix","result":[');
      let separator = '';
      for (const host of query.match(/gpu-host-\d+:9400/g) ?? []) {
        let text = '';
        for (let gpu = 0; gpu < gpusPerHost; gpu += 1) {
          text += separator + seriesText(host, gpu, until - seconds, until - 0.123);
          separator = ',';
        }
        response.write(text);
      }
      response.end(']}}');
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}

async function pull(way: Way): Promise<void> {
  const client = createPrometheusClient({
    url: values.url,
    timeoutMs: 120_000,
    maxBodyBytes: 1_000_000_000,
  });
  const windows = new RangeWindows<string>({
    client,
    windowSeconds,
    rememberSeconds: 3_600,
    inFlight: way === 'whole' ? 1 : 2,
    shardBytes: ways[way],
    selector: (matcher) => `{__name__="DCGM_FI_DEV_GPU_UTIL",${matcher}}`,
    tag: ({ UUID }) => UUID ?? null,
    convert: (_tag, value) => value,
  });
  let peakRss = 0;
  let longestPauseMs = 0;
  let lastCpu = process.threadCpuUsage();
  const watch = setInterval(() => {
    const { user, system } = process.threadCpuUsage(lastCpu);
    lastCpu = process.threadCpuUsage();
    longestPauseMs = Math.max(longestPauseMs, (user + system) / 1_000);
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, 1);
  const items = hosts.map((value) => ({ label: 'instance', value, seriesCount: gpusPerHost }));
  const measure = async (atSeconds: number): Promise<Cost> => {
    await sleep(20);
    longestPauseMs = 0;
    const before = client.costs().byOutcome.ok ?? { requests: 0, bytes: 0 };
    const cpu = process.cpuUsage();
    const started = performance.now();
    const { failures } = await windows.refresh({
      items,
      atSeconds,
      overlapSeconds: Math.max(5, 2 * stepSeconds),
      signal: AbortSignal.timeout(600_000),
    });
    if (failures[0] !== undefined) throw failures[0].error;
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    // The tail of the work is seen at the next turn.
    await sleep(20);
    const after = client.costs().byOutcome.ok ?? { requests: 0, bytes: 0 };
    return {
      seconds,
      cpuSeconds: (user + system) / 1e6,
      longestPauseMs,
      requests: after.requests - before.requests,
      megabytes: (after.bytes - before.bytes) / 1e6,
    };
  };
  const cold = await measure(startSeconds);
  const next = await measure(startSeconds + cycleSeconds);
  clearInterval(watch);
  let samples = 0;
  for (const { ring } of windows.series()) samples += ring.count;
  client.close();
  const report: Report = { cold, next, peakRssMiB: peakRss / 2 ** 20, samples };
  process.send?.(report);
}

async function start(role: string, url = ''): Promise<{ child: ChildProcess; message: unknown }> {
  const { series, window, step } = values;
  const args = Object.entries({ role, url, series, window, step });
  const child = fork(
    import.meta.filename,
    args.map(([name, value]) => `--${name}=${value}`),
  );
  const [message] = (await once(child, 'message')) as [unknown];
  return { child, message };
}

async function main(): Promise<void> {
  const server = await start('server');
  const reports = new Map<Way, Report>();
  for (const way of Object.keys(ways) as Way[]) {
    const { child, message } = await start(way, String(server.message));
    reports.set(way, message as Report);
    if (child.exitCode === null) await once(child, 'exit');
  }
  server.child.kill();
  const whole = reports.get('whole');
  const sharded = reports.get('sharded');
  if (whole === undefined || sharded === undefined) throw new Error('a way has not reported');
  if (whole.samples !== sharded.samples) throw new Error('the two ways brought different samples');
  console.log(
    `${seriesCount} series, ${windowSeconds} s window, one sample per ${stepSeconds} s: ${whole.samples} samples kept`,
  );
  const row = (name: string, cost: Cost): void =>
    console.log(
      `${name.padEnd(34)} ${cost.seconds.toFixed(2).padStart(7)} s ${cost.cpuSeconds.toFixed(2).padStart(7)} s CPU ` +
        `${cost.longestPauseMs.toFixed(0).padStart(6)} ms longest pause ${String(cost.requests).padStart(4)} requests ${cost.megabytes.toFixed(1).padStart(6)} MB`,
    );
  row('one query, whole window', whole.cold);
  row('shards, whole window (first read)', sharded.cold);
  row('one query, what is new', whole.next);
  row('shards, what is new (each cycle)', sharded.next);
  console.log(
    `peak memory: one query ${whole.peakRssMiB.toFixed(0)} MiB, shards ${sharded.peakRssMiB.toFixed(0)} MiB`,
  );
  const ratio = (a: number, b: number): string => (a / b).toFixed(2);
  console.log(
    `a cycle in shards against one query for the window: time ${ratio(sharded.next.seconds, whole.cold.seconds)}, ` +
      `CPU ${ratio(sharded.next.cpuSeconds, whole.cold.cpuSeconds)}, pause ${ratio(sharded.next.longestPauseMs, whole.cold.longestPauseMs)}; ` +
      `first read: time ${ratio(sharded.cold.seconds, whole.cold.seconds)}, pause ${ratio(sharded.cold.longestPauseMs, whole.cold.longestPauseMs)}`,
  );
}

if (values.role === 'server') serve();
else if (values.role === 'main') await main();
else await pull(values.role as Way);

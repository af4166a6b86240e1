import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FakeKubelet, podWith } from '../test/support/kubelet/fake-kubelet.ts';
import { fullNode } from '../test/support/kubelet/full-node.ts';
import { placeStandin } from '../test/support/nvml/standin.ts';
import type { GpuScript, Wave } from '../test/support/nvml/script.ts';

/**
 * What a collector costs: memory after some minutes of scrapes each second, and how long a scrape takes, beside a bare
 * node:http server that gives the same bytes. `node bench/collector.ts [--minutes 10] [--gpus 8] [--scrapes 2000]
 * [--kubelet off|small|full]` (small: a pod per GPU and ten others; full: 250 pods, an answer of 2 MB);
 * needs dist/ (npm run build) and the stand-in driver library, which is compiled when it is not there.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    gpus: { type: 'string', default: '8' },
    scrapes: { type: 'string', default: '2000' },
    dialects: { type: 'string', default: 'native,dcgm' },
    kubelet: { type: 'string', default: 'off' },
  },
});
const gpus = Number(values.gpus);
const seconds = Number(values.minutes) * 60;
const scrapes = Number(values.scrapes);
const main = join(import.meta.dirname, '..', 'dist', 'main.js');
if (!existsSync(main)) throw new Error('dist/main.js is missing: npm run build');

const folder = mkdtempSync(join(tmpdir(), 'bench-collector-'));
const children: ChildProcess[] = [];
const kubelet = new FakeKubelet(join(folder, 'kubelet.sock'));
try {
  await measure();
} finally {
  for (const child of children) child.kill('SIGKILL');
  kubelet.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const { library } = await placeStandin(folder, {
    devices: gpus,
    driver: '590.48.01',
    all: { model: 'NVIDIA H100 80GB HBM3' },
    gpus: Object.fromEntries(Array.from({ length: gpus }, (_, index) => [index, work(index)])),
    processes: Array.from({ length: 2 * gpus }, (_, i) => ({
      gpu: i % gpus,
      pid: 4_000 + i,
      mib: 9_000,
    })),
  });
  const started = await startCollector(library, await startKubelet());
  const body = await scrapeEachSecond(started.port, seconds);
  const memory = memoryOf(started.child.pid ?? 0);
  const series = body.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  print(`${gpus} GPUs, ${series.length} series, ${body.text.length} bytes`);
  print(`after ${seconds} s of a scrape per second:`);
  print(
    `  RSS ${memory.rss.toFixed(1)} MiB, RssAnon ${memory.anon.toFixed(1)} MiB, CPU ${((1_000 * memory.cpuSeconds) / memory.upSeconds).toFixed(1)} ms/s`,
  );
  const bare = await startBareServer(body.text, body.gzip);
  print(`${scrapes} scrapes one after the other, ms:`);
  for (const gzip of [false, true]) {
    // In turns, so that whatever the machine does hits both.
    const ours: number[] = [];
    const theirs: number[] = [];
    const [agent, bareAgent] = [keepAlive(), keepAlive()];
    for (let i = 0; i < 100; i += 1) await scrape(started.port, gzip, agent);
    for (let i = 0; i < 100; i += 1) await scrape(bare.port, gzip, bareAgent);
    for (let block = 0; block < 20; block += 1) {
      for (let i = 0; i < scrapes / 20; i += 1) {
        ours.push((await scrape(started.port, gzip, agent)).ms);
      }
      for (let i = 0; i < scrapes / 20; i += 1) {
        theirs.push((await scrape(bare.port, gzip, bareAgent)).ms);
      }
    }
    agent.destroy();
    bareAgent.destroy();
    const [a, b] = [quantiles(ours), quantiles(theirs)];
    print(
      `  ${gzip ? 'gzip ' : 'plain'} collector p50 ${a.p50} p99 ${a.p99} max ${a.max} | bare server p50 ${b.p50} p99 ${b.p99} max ${b.max} | ratio of p50 ${(Number(a.p50) / Number(b.p50)).toFixed(2)}`,
    );
  }
}

/** Steady training with a cycle of its own on each GPU. */
function work(index: number): GpuScript {
  const square = (low: number, high: number): Wave => ['square', 23 + 7 * index, 0.8, low, high];
  return {
    util: square(3, 97),
    memcopy: square(1, 60),
    power: square(90, 620),
    memused: ['noise', index, 20_000, 50_000],
  };
}

/** Arguments of a collector that asks it. */
async function startKubelet(): Promise<string[]> {
  if (values.kubelet === 'off') return ['--no-pod-resources.enabled'];
  await kubelet.start();
  const others = Array.from({ length: 10 }, (_, i) => podWith(`web-${i}`, []));
  const holders = Array.from({ length: gpus }, (_, i) => podWith(`train-${i}`, [String(i)]));
  kubelet.pods(
    values.kubelet === 'full' ? [...holders, ...fullNode().pods] : [...holders, ...others],
  );
  return ['--pod-resources.socket', kubelet.socket];
}

async function startCollector(
  library: string,
  more: readonly string[],
): Promise<{ child: ChildProcess; port: number }> {
  const source = ['--source', 'nvml', '--nvml.library', library];
  const web = ['--metrics.dialects', values.dialects, '--web.listen-address', '127.0.0.1:0'];
  const child = spawn(process.execPath, [main, 'collector', ...source, ...web, ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  return { child, port: await portOf(child, child.stderr) };
}

async function startBareServer(text: string, gzip: Buffer): Promise<{ port: number }> {
  const program = `
    const { createServer } = require('node:http');
    const bodies = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    const plain = Buffer.from(bodies.text);
    const gzip = Buffer.from(bodies.gzip, 'base64');
    createServer((request, response) => {
      const packed = request.headers['accept-encoding'] === 'gzip';
      const body = packed ? gzip : plain;
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length });
      response.end(body);
    }).listen(0, '127.0.0.1', function () { console.log('address=127.0.0.1:' + this.address().port); });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  child.stdin?.end(JSON.stringify({ text, gzip: gzip.toString('base64') }));
  return { port: await portOf(child, child.stdout) };
}

function portOf(child: ChildProcess, output: NodeJS.ReadableStream | null): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    output?.on('data', (piece: Buffer) => {
      log += String(piece);
      const port = /address=127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.on('exit', () => reject(new Error(`ended while starting:\n${log}`)));
  });
}

/** As Prometheus does: gzip, one connection. Gives the last body in both forms. */
async function scrapeEachSecond(
  port: number,
  forSeconds: number,
): Promise<{ text: string; gzip: Buffer }> {
  const agent = keepAlive();
  const endMs = performance.now() + 1_000 * forSeconds;
  while (performance.now() < endMs) {
    await sleep(1_000);
    await scrape(port, true, agent);
  }
  const text = String((await scrape(port, false, agent)).body);
  const gzip = (await scrape(port, true, agent)).body;
  agent.destroy();
  return { text, gzip };
}

function keepAlive(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

function scrape(port: number, gzip: boolean, agent: Agent): Promise<{ ms: number; body: Buffer }> {
  const headers = gzip ? { 'accept-encoding': 'gzip' } : {};
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', headers, agent }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        const ms = performance.now() - startedMs;
        resolve({ ms, body: Buffer.concat(pieces) });
      });
    })
      .on('error', reject)
      .end();
  });
}

function memoryOf(pid: number): {
  rss: number;
  anon: number;
  cpuSeconds: number;
  upSeconds: number;
} {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (key: string): number =>
    Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
  // The fields after the name, which may hold blanks; the first of them is the third of proc(5).
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = 100;
  const upSeconds =
    Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) - Number(stat[19]) / ticks;
  return {
    rss: mib('VmRSS'),
    anon: mib('RssAnon'),
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / ticks,
    upSeconds,
  };
}

function quantiles(ms: readonly number[]): { p50: string; p99: string; max: string } {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeStandin } from '../support/nvml/standin.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

interface JsonGpu {
  readonly index: number;
  readonly uuid: string;
  readonly model: string;
  readonly pattern: string;
  readonly jobType: string;
  readonly periodSeconds: number | null;
  readonly confidence: number;
  readonly memUtilMax: number | null;
  readonly state: string;
  readonly utilPercent: number | null;
  readonly memoryUsedMiB: number | null;
  readonly powerWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly annotations: Record<string, string>;
}

interface JsonCycle {
  readonly time: string;
  readonly source: string;
  readonly simulated: boolean;
  readonly address: string;
  readonly gpus: readonly JsonGpu[];
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs standalone to its end; `onLine` sees each line of stdout as it comes and may signal the process. */
async function run(
  args: readonly string[],
  {
    mode = 'standalone',
    onLine = () => undefined,
  }: {
    mode?: string;
    onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<Ended> {
  // No driver, no nvidia-smi: what this machine has must not matter.
  const child = spawn(process.execPath, [main, mode, ...args], {
    env: { ...process.env, PATH: '/nonexistent' },
    timeout: 130_000,
  });
  let stdout = '';
  let stderr = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`;
    onLine(line, (signal) => child.kill(signal));
  });
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

const anyPort = '--web.listen-address=127.0.0.1:0';
const noGpu = ['--nvml.library=/nonexistent/libnvidia-ml.so.1'];

describe('gpu-profiler standalone', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-standalone-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('says so when there is no GPU and goes on with labelled simulated ones; SIGTERM ends it with 0', async () => {
    const ended = await run(['--json', anyPort, ...noGpu], {
      onLine: (_, kill) => kill('SIGTERM'),
    });
    expect(ended.code).toBe(0);
    const cycle = JSON.parse(ended.stdout.split('\n')[0] ?? '') as JsonCycle;
    expect(cycle).toMatchObject({ source: 'simulated', simulated: true });
    expect(cycle.gpus.map((gpu) => gpu.model).join()).toMatch(/simulated/i);
    expect(ended.stderr).toMatch(/no GPU found: going on with simulated GPUs/);
    expect(ended.stderr).toMatch(/libnvidia-ml/);
    // The bound address: in the first log line and in each cycle.
    const firstLog = ended.stderr.split('\n')[0] ?? '';
    expect(firstLog).toContain(cycle.address);
    expect(cycle.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
  });

  it('--once --json: one object, every verdict right', async () => {
    const ended = await run([
      '--source=simulated',
      '--simulated.workloads=training,idle,held-idle,fast-training',
      '--once',
      '--json',
      anyPort,
    ]);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('about a minute, 100 s at most');
    const lines = ended.stdout.trim().split('\n');
    expect(lines).toHaveLength(1);
    const { gpus } = JSON.parse(lines[0] ?? '') as JsonCycle;
    expect(gpus.map((gpu) => gpu.jobType)).toEqual(['DLT', 'Empty', 'Empty', 'DLT']);
    expect(gpus.map((gpu) => gpu.pattern)).toEqual(['cyclic', 'idle', 'alloc-idle', 'cyclic']);
    const [training] = gpus;
    // Faster than the samples, which come at random intervals of 0.2 s.
    expect(gpus[3]?.periodSeconds).toBeCloseTo(0.3, 2);
    expect(training).toMatchObject({
      state: 'cyclic',
      memoryTotalMiB: 81_920,
      powerLimitWatts: 700,
    });
    expect(training?.powerWatts).toBeGreaterThan(50);
    expect(training?.temperatureCelsius).toBeGreaterThan(25);
    expect(gpus[2]).toMatchObject({ state: 'held-idle', utilPercent: 0 });
    expect(gpus[2]?.memoryUsedMiB).toBeGreaterThan(10_000);
    expect(training?.periodSeconds).toBeGreaterThan(12);
    expect(training?.periodSeconds).toBeLessThan(16.5);
    expect(training?.annotations['ai.centaurus.io/GPU-0-job-type']).toBe('DLT');
    expect(Number(training?.annotations['ai.centaurus.io/GPU-0-mem-util-max'])).toBe(
      training?.memUtilMax,
    );
    expect(gpus[1]?.annotations).toEqual({ 'ai.centaurus.io/GPU-1-job-type': 'Empty' });
  }, 130_000);

  it('reads a driver library that is there, and never calls it simulated', async () => {
    const { library } = await placeStandin(join(folder, 'driver'), {
      devices: 2,
      all: { model: 'Stand-in T4', util: ['constant', 42] },
    });
    const ended = await run(['--json', '--duration=4s', `--nvml.library=${library}`, anyPort]);
    expect(ended.code).toBe(0);
    const cycles = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonCycle);
    expect(cycles[0]).toMatchObject({ source: 'nvml', simulated: false });
    expect(cycles[0]?.gpus).toHaveLength(2);
    expect(cycles[0]?.gpus[0]?.model).toBe('Stand-in T4');
  });

  it('prints plain lines, without any control character, where stdout is not a terminal', async () => {
    const ended = await run(['--source=simulated', '--duration=3s', anyPort]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/GPU 0 .*: watching/);
    expect(ended.stdout).not.toContain('\u001b');
  });

  it('refuses a taken port with the address and the way out', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', () => resolve()));
    const { port } = holder.address() as AddressInfo;
    const ended = await run(['--source=simulated', `--web.listen-address=127.0.0.1:${port}`]);
    holder.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`127.0.0.1:${port}`);
    expect(ended.stderr).toMatch(/taken/);
    expect(ended.stderr).toContain('--web.listen-address');
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it.each(['standalone', 'collector'])(
    '%s ends at once, with 1, over a recording that is not there',
    async (mode) => {
      const missing = join(folder, 'nowhere', 'a*.csv');
      const ended = await run(['--source=replay', `--replay.files=${missing}`, anyPort], { mode });
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(missing);
      expect(ended.stderr).toContain('--replay.files');
      expect(ended.stderr).not.toMatch(/^\s+at /m);
    },
  );

  it('refuses a recording that cannot be read, naming file and line', async () => {
    const file = join(folder, 'bad.csv');
    await writeFile(file, 't_s,util_gpu\n0,10\n1,many\n');
    const ended = await run([
      '--source=replay',
      `--replay.files=${file}`,
      '--duration=3s',
      anyPort,
    ]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('bad.csv');
    expect(ended.stderr).toMatch(/line 3/);
  });
});

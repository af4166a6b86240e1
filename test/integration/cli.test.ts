import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram as run, type Ended } from '../support/run-program.ts';
import packageFile from '../../package.json' with { type: 'json' };

/** What is amiss with a refusal: it has to be one clear message with all these parts, on stderr, without a stack. */
function faultsOf(ended: Ended, parts: readonly string[], code = 2): readonly string[] {
  const faults = parts
    .filter((part) => !ended.stderr.includes(part))
    .map((part) => `lacks ${part}`);
  if (ended.code !== code) faults.push(`exit code ${ended.code}`);
  if (ended.stdout !== '') faults.push(`stdout: ${ended.stdout}`);
  if (!ended.stderr.startsWith('gpu-profiler: ')) faults.push('not by name');
  if (/\n\s+at /.test(ended.stderr)) faults.push('a stack');
  return faults.length === 0 ? [] : [...faults, ended.stderr];
}

let folder: string;
async function yaml(text: string): Promise<string> {
  const path = join(folder, 'config.yaml');
  await writeFile(path, text);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('command line', () => {
  it.each([[], ['help'], ['--help'], ['-h']])('gpu-profiler %s shows help', async (...args) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/Commands:[\s\S]*collector[\s\S]*controller[\s\S]*Next:/);
  });

  it.each([[['version']], [['--version']], [['collector', '--version']]])('%s', async (args) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain(`gpu-profiler ${packageFile.version} `);
  });

  it.each([
    ['collector', ['--source', '[default: :9876; env GPU_PROFILER_WEB_LISTEN_ADDRESS]']],
    ['controller', ['--prometheus.url URL', '[required; env GPU_PROFILER_PROMETHEUS_URL]']],
    ['standalone', ['--duration', '[default: 127.0.0.1:9876; env']],
  ])('%s --help teaches, whatever else is wrong', async (command, parts) => {
    const ended = await run([command, '--nope', '--help']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    for (const part of ['Examples:', 'Next:', ...parts]) expect(ended.stdout).toContain(part);
  });

  it('help of a command is its --help', async () => {
    expect((await run(['help', 'controller'])).stdout).toBe(
      (await run(['controller', '--help'])).stdout,
    );
  });

  it('unknown command', async () => {
    expect(faultsOf(await run(['colector']), ['"colector"', 'Did you mean collector?'])).toEqual(
      [],
    );
  });

  it('flags before the command', async () => {
    expect(
      faultsOf(await run(['--json']), ['comes first', 'gpu-profiler standalone --json']),
    ).toEqual([]);
  });

  it('wrong flag', async () => {
    expect(
      faultsOf(await run(['collector', '--sorce', 'nvml']), ['--sorce', 'Did you mean --source?']),
    ).toEqual([]);
  });

  it('wrong value in the environment', async () => {
    const env = { GPU_PROFILER_WEB_LISTEN_ADDRESS: '9876' };
    const parts = ['web.listen-address: "9876"', 'GPU_PROFILER_WEB_LISTEN_ADDRESS', 'HOST:PORT'];
    expect(faultsOf(await run(['collector'], { env }), parts)).toEqual([]);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'unknown key',
      'web:\n  listen-adress: ":1"\n',
      ['web.listen-adress', 'config.yaml:2', 'web.listen-address?'],
    ],
    [
      'wrong type',
      'simulated:\n  gpus: many\n',
      ['simulated.gpus: "many"', 'config.yaml:2', 'a whole number from 1'],
    ],
    ['impossible pair', 'source: dcgm\n', ['source dcgm needs dcgm.url', 'config.yaml:1']],
    ['no YAML', 'source: [\n', ['config.yaml', 'not valid YAML']],
  ])('wrong file: %s', async (_what, text, parts) => {
    expect(faultsOf(await run(['collector', '--config.file', await yaml(text)]), parts)).toEqual(
      [],
    );
  });

  it('missing file', async () => {
    const ended = await run(['collector', '--config.file', join(folder, 'none.yaml')]);
    expect(faultsOf(ended, ['none.yaml', 'ENOENT', 'flag --config.file'])).toEqual([]);
  });

  it('controller without Prometheus', async () => {
    expect(
      faultsOf(await run(['controller']), ['prometheus.url is not set', '--prometheus.url']),
    ).toEqual([]);
  });

  it('--print-config shows what wins and where it came from', async () => {
    const file = await yaml('log: {level: error, format: json}\nmetrics: {window: 10s}\n');
    const env = { GPU_PROFILER_LOG_LEVEL: 'warn', GPU_PROFILER_METRICS_WINDOW: '20s' };
    const args = ['collector', '--config.file', file, '--log.level=debug', '--print-config'];

    const ended = await run(args, { env });

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('level: "debug"  # flag --log.level');
    expect(ended.stdout).toContain(
      'window: "20s"  # environment variable GPU_PROFILER_METRICS_WINDOW',
    );
    expect(ended.stdout).toContain(`format: "json"  # file ${file}:1`);
    expect(ended.stdout).toContain('history: "10m"  # default');
  });

  it('what --print-config prints is a file that gives the same', async () => {
    const printed = await run([
      'collector',
      '--source=simulated',
      '--simulated.gpus=2',
      '--print-config',
    ]);
    const file = await yaml(printed.stdout);
    const again = await run(['collector', '--config.file', file, '--print-config']);
    const values = (text: string): string => text.replaceAll(/ {2}# .*$/gm, '');
    expect(again.code).toBe(0);
    expect(values(again.stdout).split('\n# ')[0]).toBe(values(printed.stdout).split('\n# ')[0]);
  });
});

describe('a command that runs', () => {
  const quiet = ['collector', '--source=simulated', '--log.format=json'];

  it('tells its address in the first line of the log, ends on SIGTERM with 0', async () => {
    const ended = await run([...quiet, '--web.listen-address=127.0.0.1:0'], {
      when: {
        stderr: /listening/,
        act: (kill) => kill('SIGTERM'),
      },
    });
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    const first: unknown = JSON.parse(ended.stderr.split('\n')[0] ?? '');
    expect(first).toMatchObject({ message: 'listening' });
    expect(JSON.stringify(first)).toMatch(/127\.0\.0\.1:[1-9]/);
  });

  it('warns of a variable that has no effect', async () => {
    const ended = await run([...quiet, '--web.listen-address=127.0.0.1:0'], {
      env: { GPU_PROFILER_SORCE: 'nvml' },
      when: { stderr: /listening/, act: (kill) => kill('SIGINT') },
    });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('did you mean GPU_PROFILER_SOURCE?');
  });

  it('says which port is taken and what to do', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    try {
      const ended = await run([...quiet, `--web.listen-address=127.0.0.1:${port}`]);
      expect(faultsOf(ended, [String(port), '--web.listen-address'], 1)).toEqual([]);
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  it('ends at once on a second signal', async () => {
    const sockets: Socket[] = [];
    const ended = await run([...quiet, '--web.listen-address=127.0.0.1:0'], {
      when: {
        stderr: /listening.*\n/,
        act: (kill, stderr) => {
          // A request that never ends holds the stop up.
          const port = Number(/127\.0\.0\.1:(\d+)/.exec(stderr)?.[1]);
          const socket = connect(port, '127.0.0.1', () =>
            socket.write('GET /metrics HTTP/1.1\r\n'),
          );
          socket.on('error', () => undefined);
          sockets.push(socket);
          setTimeout(() => kill('SIGTERM'), 200);
          setTimeout(() => kill('SIGINT'), 400);
        },
      },
    });
    for (const socket of sockets) socket.destroy();
    expect(ended.code).toBe(128 + 2);
    expect(ended.stderr).not.toContain('"stopped"');
  });

  it('is content when nobody reads its output any more', async () => {
    const ended = await run(['collector', '--help'], { closeStdout: true });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });
});

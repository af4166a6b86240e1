import { existsSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { startProcess, type StartedProcess } from '../support/child-process.ts';
import { exitOnSignals } from '../support/exit-on-signal.ts';
import { placeStandin } from '../support/nvml/standin.ts';
import { failureOf, runCommand } from '../support/parts/run-command.ts';
import { freePort } from '../support/port.ts';
import { waitUntil } from '../support/wait-until.ts';

const root = join(import.meta.dirname, '..', '..');
const unitFile = join(root, 'manifests', 'systemd', 'gpu-profiler-collector.service');
const installed = '/opt/gpu-profiler';
const analyze = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find(existsSync);

/** What a service manager is told; the last one counts. */
function setting(unit: string, name: string): string {
  const values = [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value);
  return values.at(-1) ?? '';
}

describe('the collector on a plain host', () => {
  let folder: string;
  /** Where the bundle is unpacked, in place of /opt/gpu-profiler. */
  let app: string;
  let unit: string;
  let running: StartedProcess | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-plain-host-'));
    exitOnSignals();
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    // A service has another user than the tests.
    await chmod(folder, 0o755);
    app = join(folder, 'app');
    await mkdir(app);
    unit = (await readFile(unitFile, 'utf8')).replaceAll(installed, app);
    const file = join(folder, 'bundle.tar.gz');
    const script = join(root, 'scripts', 'bundle', 'main.ts');
    await runOrThrow(process.execPath, [script, '--out', file]);
    await runOrThrow('tar', ['-xzf', file, '-C', app, '--strip-components=1']);
  });

  afterAll(async () => {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('brings licences, settings and the unit along', () => {
    const files = ['LICENSE', 'LICENSE-node', 'THIRD-PARTY-LICENCES.txt', 'sbom.cdx.json'];
    const systemd = ['gpu-profiler-collector.service', 'collector.env', 'README.md'];
    const wanted = [...files, ...systemd.map((name) => join('systemd', name))];
    expect(wanted.filter((name) => !existsSync(join(app, name)))).toEqual([]);
  });

  it('has the command gpu-profiler, which runs through a link', async () => {
    const link = join(folder, 'gpu-profiler');
    await symlink(join(app, 'gpu-profiler'), link);
    const env = { PATH: '/usr/bin:/bin' };
    const { code, stdout } = await runCommand(link, ['--version'], { timeoutMs: 20_000, env });
    expect({ code, stdout: stdout.trim() }).toEqual({
      code: 0,
      stdout: expect.stringContaining(packageFile.version) as string,
    });
  });

  it('reads the driver with the unit’s own command, and ends with code 0 when asked to', async () => {
    const driver = join(folder, 'driver');
    await mkdir(driver);
    const { library } = await placeStandin(driver, { devices: 2 });
    const address = `127.0.0.1:${await freePort()}`;
    const [command = '', ...args] = setting(unit, 'ExecStart').split(' ');
    running = startProcess({
      name: 'collector',
      command: '/usr/bin/env',
      args: [
        // Nothing of this machine's environment: a service has none.
        '-i',
        `GPU_PROFILER_NVML_LIBRARY=${library}`,
        `GPU_PROFILER_WEB_LISTEN_ADDRESS=${address}`,
        ...asNobody(),
        command,
        ...args,
      ],
      logFile: join(folder, 'collector.log'),
      cwd: '/',
    });
    const metrics = await waitUntil(
      async () => {
        const text = await (await fetch(`http://${address}/metrics`)).text();
        return text.includes('gpu_up{') && text;
      },
      { what: 'metrics of the stand-in driver', timeoutMs: 20_000 },
    );
    expect(metrics.match(/^gpu_up\{.*\} 1$/gm)).toHaveLength(2);

    await running.stop();
    expect(running.ended()).toEqual({ code: 0, signal: null });
  });

  it('ends with the code that keeps it from being started again when a setting is wrong', async () => {
    const [command = '', ...args] = setting(unit, 'ExecStart').split(' ');
    const ended = await runCommand(command, args, {
      timeoutMs: 20_000,
      env: { GPU_PROFILER_WEB_LISTEN_ADDRESS: 'nowhere' },
    });
    expect(String(ended.code)).toBe(setting(unit, 'RestartPreventExitStatus'));
    expect(ended.stderr).toContain('GPU_PROFILER_WEB_LISTEN_ADDRESS');
  });

  it.skipIf(analyze === undefined)(
    'has a unit that systemd understands and calls safe (skipped where systemd-analyze is missing)',
    async () => {
      const file = join(folder, 'gpu-profiler-collector.service');
      await writeFile(file, unit);
      const verified = await runCommand(analyze ?? '', ['verify', file], { timeoutMs: 60_000 });
      expect(verified).toMatchObject({ code: 0, stderr: '' });

      // Ten times the exposure level, of which 2.0 ends what it calls OK.
      const args = ['security', '--offline=true', '--threshold=20', '--no-pager', file];
      const judged = await runCommand(analyze ?? '', args, { timeoutMs: 60_000 });
      expect(judged).toMatchObject({ code: 0 });
    },
  );
});

/** Root becomes nobody, without a capability; anybody else stays. */
function asNobody(): string[] {
  if (process.getuid?.() !== 0) return [];
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'];
  return ['/usr/bin/setpriv', ...nobody, '--bounding-set=-all', '--inh-caps=-all'];
}

async function runOrThrow(command: string, args: readonly string[]): Promise<void> {
  const result = await runCommand(command, args, { timeoutMs: 240_000 });
  if (result.code !== 0) throw new Error(`${command} ${args.join(' ')}: ${failureOf(result)}`);
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Podman, type Container } from '../support/image/podman.ts';
import { testImage } from '../support/image/test-image.ts';
import { placeStandin } from '../support/nvml/standin.ts';
import { freePort } from '../support/port.ts';
import { waitUntil } from '../support/wait-until.ts';

const skipped = process.env['SKIP_CLUSTER'] === '1' || process.getuid?.() !== 0;

/** The image in a container as a hardened pod has it. Building and running containers needs root here. */
describe.skipIf(skipped)('image, running (as root)', () => {
  let folder: string;
  let podman: Podman;
  let tag: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-image-run-'));
    const image = await testImage();
    tag = image.tag;
    podman = await Podman.withImage(image.archive);
    await placeStandin(folder, {
      devices: 2,
      driver: '550.54.15',
      all: { util: ['constant', 40] },
      gpus: { 0: { uuid: 'GPU-in-a-container-0' }, 1: { uuid: 'GPU-in-a-container-1' } },
    });
    // Device nodes stand for themselves: the stand-in opens none.
    mkdirSync(join(folder, 'dev'));
    for (const name of ['nvidiactl', 'nvidia0', 'nvidia1'])
      writeFileSync(join(folder, 'dev', name), '');
  }, 600_000);

  afterAll(() => {
    podman?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the NVIDIA container toolkit gives a container: the library under its soname, the device nodes. */
  function toolkitMounts(libraryFolder: string): string[] {
    const library = 'libnvidia-ml.so.1';
    const mounts = ['', '.script'].map((end) => [
      `${library}${end}`,
      join(libraryFolder, `${library}${end}`),
    ]);
    const devices = ['nvidiactl', 'nvidia0', 'nvidia1'].map((name) => [
      `dev/${name}`,
      `/dev/${name}`,
    ]);
    return [...mounts, ...devices].map(
      ([from = '', to = '']) => `--volume=${join(folder, from)}:${to}:ro`,
    );
  }

  async function startCollector(
    flags: readonly string[],
  ): Promise<{ container: Container; url: string }> {
    const port = await freePort();
    const args = ['collector', `--web.listen-address=127.0.0.1:${port}`, '--node-name=gpu-node'];
    return { container: await podman.start(tag, args, flags), url: `http://127.0.0.1:${port}` };
  }

  function metricsWith(url: string, text: string, context: () => string): Promise<string> {
    return waitUntil(
      async () => {
        const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2000) });
        const metrics = await response.text();
        return metrics.includes(text) ? metrics : undefined;
      },
      { what: `${text} in ${url}/metrics`, timeoutMs: 30_000, context },
    );
  }

  it.each([
    // Its own runtime for Debian and Ubuntu hosts; CDI with a host of the Red Hat family.
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
  ])(
    'shows the GPUs of a driver library mounted in %s, without ldconfig',
    async (libraryFolder) => {
      const { container, url } = await startCollector(toolkitMounts(libraryFolder));
      try {
        const metrics = await metricsWith(url, 'gpu_up{', container.log);

        expect(metrics).toMatch(
          /gpu_up\{[^}]*node="gpu-node"[^}]*uuid="GPU-in-a-container-0"[^}]*\} 1/,
        );
        expect(metrics).toMatch(/gpu_up\{[^}]*uuid="GPU-in-a-container-1"[^}]*\} 1/);
        expect(metrics).toMatch(/gpu_info\{[^}]*driver_version="550\.54\.15"[^}]*source="nvml"/);
      } finally {
        await container.remove();
      }
    },
  );

  it('runs as a user without rights, as process 1, and ends at SIGTERM within 2 s', async () => {
    const { container, url } = await startCollector(toolkitMounts('/usr/lib/x86_64-linux-gnu'));
    try {
      await metricsWith(url, 'gpu_up{', container.log);
      const status = readFileSync(`/proc/${container.pid}/status`, 'utf8');

      expect(status).toMatch(/^Uid:\t65532\t65532\t65532\t65532$/m);
      expect(status).toMatch(/^Gid:\t65532\t65532\t65532\t65532$/m);
      expect(status).toMatch(/^CapEff:\t0+$/m);
      expect(status).toMatch(/^CapBnd:\t0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^NSpid:\t\d+\t1$/m);

      process.kill(container.pid, 'SIGTERM');
      await waitUntil(() => !isAlive(container.pid), {
        what: 'its end',
        timeoutMs: 10_000,
        everyMs: 20,
      });
      expect(await container.exit).toBe(0);
    } finally {
      await container.remove();
    }
  });

  it('serves without a driver and says why there is no GPU', async () => {
    const { container, url } = await startCollector([]);
    try {
      const metrics = await metricsWith(url, 'gpu_profiler_source_up', container.log);

      expect(metrics).toMatch(/^gpu_profiler_source_up\S* 0$/m);
      expect(metrics).not.toMatch(/^gpu_up\{/m);
    } finally {
      await container.remove();
    }
  });

  it('has every command, and help as its default', async () => {
    const overview = await podman.run(tag, []);
    const commands = [...overview.stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);

    expect(overview.code).toBe(0);
    expect(commands).toEqual(expect.arrayContaining(['standalone', 'collector', 'controller']));
    for (const command of commands.filter((name) => name !== undefined)) {
      const shown = await podman.run(tag, [command, '--help']);
      expect(`${command}: ${shown.code} ${shown.stdout}`).toMatch(/^\w+: 0 [^]*gpu-profiler/);
    }
  }, 120_000);

  // The owner of the kubelet's socket; one that OpenShift makes up.
  it.each(['0:0', '1000680000:0'])('runs as user %s as well', async (user) => {
    const shown = await podman.run(tag, ['--version'], [`--user=${user}`]);

    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain('gpu-profiler ');
  });

  it('has no shell', async () => {
    for (const shell of ['/bin/sh', '/bin/bash', '/bin/busybox']) {
      const tried = await podman.run(tag, ['-c', 'true'], [`--entrypoint=${shell}`]);
      expect({ shell, code: tried.code }).toEqual({ shell, code: 127 });
    }
  });
});

/** A dead process that podman has not yet waited for is dead. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

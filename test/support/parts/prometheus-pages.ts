import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLock } from '../../../scripts/setup/lock.mjs';
import { partsCache } from './cache.ts';
import { findGo } from './go-toolchain.ts';
import { failureOf, runCommand } from './run-command.ts';
import type { Say } from './way.ts';

const moduleFolder = join(import.meta.dirname, '..', '..', 'parts', 'prometheus');
const moduleName = 'github.com/prometheus/prometheus';
/** The lock file of the pages is for this one. */
const packageManager = 'pnpm@10.34.9';

/**
 * The web pages of the Prometheus that test/parts/prometheus pins, built from the sources in its Go module (a minute,
 * once). Returns a folder named `ui`: a Prometheus that is built from the module serves them when it is started there,
 * because its own assets are looked for below a working directory of that name (web/ui/ui.go of the module).
 */
export async function prometheusPages(
  say: Say = (line) => process.stderr.write(`${line}\n`),
): Promise<string> {
  const { version, sources } = await moduleSources(say);
  const folder = join(partsCache(), 'prometheus-pages', version, 'ui');
  if (await isThere(folder)) return folder;
  const onWait = (pid: number): void => say(`prometheus-pages: waiting for process ${pid} …`);
  return withLock(join(partsCache(), '.lock'), { onWait }, async () => {
    if (await isThere(folder)) return folder;
    say(`prometheus-pages: building ${version} (usually 70 s on two cores) …`);
    const startedMs = Date.now();
    await build(sources, folder);
    say(`prometheus-pages: ready after ${Math.round((Date.now() - startedMs) / 1000)} s`);
    return folder;
  });
}

function isThere(folder: string): Promise<boolean> {
  return access(join(folder, 'static', 'mantine-ui', 'index.html')).then(
    () => true,
    () => false,
  );
}

async function moduleSources(say: Say): Promise<{ version: string; sources: string }> {
  const go = await findGo(say);
  const listed = await runCommand(go, ['mod', 'download', '-json', moduleName], {
    cwd: moduleFolder,
    timeoutMs: 10 * 60_000,
    env: { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off', GOTOOLCHAIN: 'auto' },
  });
  if (listed.code !== 0) throw new Error(`go mod download: ${failureOf(listed)}`);
  const { Version, Dir } = JSON.parse(listed.stdout) as { Version: string; Dir: string };
  return { version: Version, sources: join(Dir, 'web', 'ui') };
}

async function build(sources: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'gpu-profiler-prometheus-pages-'));
  try {
    // Files of the module cache are read-only, and only a copy may be built in.
    await cp(sources, work, { recursive: true });
    await run('chmod', ['-R', 'u+w', work], work);
    const pnpm = (...args: string[]): Promise<void> =>
      run('npx', ['--yes', packageManager, ...args], work);
    await pnpm(
      'install',
      '--frozen-lockfile',
      '--ignore-scripts',
      `--store-dir=${join(work, '.store')}`,
    );
    for (const name of ['lezer-promql', 'codemirror-promql']) {
      await pnpm('--filter', `@prometheus-io/${name}`, 'run', 'build');
    }
    await pnpm('--filter', '@prometheus-io/mantine-ui', 'exec', 'vite', 'build');
    const draft = `${folder}.${process.pid}`;
    await mkdir(join(draft, 'static'), { recursive: true });
    await cp(join(work, 'mantine-ui', 'dist'), join(draft, 'static', 'mantine-ui'), {
      recursive: true,
    });
    await mkdir(dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const done = await runCommand(command, args, { cwd, timeoutMs: 10 * 60_000 });
  if (done.code !== 0) throw new Error(`${command} ${args.join(' ')}: ${failureOf(done)}`);
}

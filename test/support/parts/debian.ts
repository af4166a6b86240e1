import { access, chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { partsCache } from './cache.ts';
import { isExecutable } from './files.ts';
import { failureOf, runCommand, type CommandResult } from './run-command.ts';
import type { Way } from './way.ts';

const policyFile = '/usr/sbin/policy-rc.d';

/** Installs Debian packages, as root on Debian; services that they bring are not started. */
export function debianWay(options: {
  packages: readonly string[];
  /** The executable that the packages bring. */
  path: string;
  /** System services that they bring. */
  services?: readonly string[];
  /** Whether it is taken without a look at its version when it is there already. */
  takenAsInstalled?: boolean;
  usually: string;
}): Way {
  return {
    label: `installing Debian's ${options.packages.join(', ')}`,
    usually: options.usually,
    cached: options.takenAsInstalled === true ? options.path : undefined,
    make: async () => {
      await needApt();
      if (process.getuid?.() !== 0) throw new Error('this needs root');
      await withoutServices(() => install(options.packages));
      for (const service of options.services ?? []) await neverStart(service);
      if (!(await isExecutable(options.path))) throw new Error(`${options.path} is still missing`);
      return options.path;
    },
  };
}

/** Unpacks a Debian package into the cache, as any user on Debian: for programs that need only their own file. */
export function debianUnpackWay(options: { part: string; package: string; path: string }): Way {
  const folder = join(partsCache(), options.part, 'debian');
  const target = join(folder, options.path);
  return {
    label: `unpacking Debian's ${options.package}`,
    usually: '5 s',
    cached: target,
    make: async () => {
      await needApt();
      await mkdir(dirname(folder), { recursive: true });
      const draft = await mkdtemp(`${folder}-`);
      try {
        const fetched = await apt(['download', options.package], draft);
        if (fetched.code !== 0) throw new Error(`apt-get download: ${failureOf(fetched)}`);
        const [file] = (await readdir(draft)).filter((name) => name.endsWith('.deb'));
        if (file === undefined) throw new Error('apt-get download left no package');
        const args = ['-x', join(draft, file), join(draft, 'unpacked')];
        const unpacked = await runCommand('dpkg', args, { timeoutMs: 60_000 });
        if (unpacked.code !== 0) throw new Error(`dpkg: ${failureOf(unpacked)}`);
        await rm(folder, { recursive: true, force: true });
        await rename(join(draft, 'unpacked'), folder);
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
      return target;
    },
  };
}

async function needApt(): Promise<void> {
  if (!(await exists('/etc/debian_version'))) throw new Error('this is not Debian');
  if (!(await isExecutable('/usr/bin/apt-get'))) throw new Error('there is no apt-get');
}

async function install(packages: readonly string[]): Promise<void> {
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  let installed = await apt(args);
  if (installed.code !== 0) {
    // Package lists may be missing (a fresh image) or out of date.
    const updated = await apt(['update']);
    if (updated.code !== 0) throw new Error(`apt-get update: ${failureOf(updated)}`);
    installed = await apt(args);
  }
  if (installed.code !== 0) throw new Error(`apt-get install: ${failureOf(installed)}`);
}

function apt(args: readonly string[], cwd?: string): Promise<CommandResult> {
  return runCommand('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    timeoutMs: 15 * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Debian starts a service when its package is installed unless this policy file forbids it (Debian Policy, 9.3.3). */
async function withoutServices(action: () => Promise<void>): Promise<void> {
  if (await exists(policyFile)) {
    await action();
    return;
  }
  await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  await chmod(policyFile, 0o755);
  try {
    await action();
  } finally {
    await rm(policyFile, { force: true });
  }
}

/** Nor at the next boot. Where systemd does not run there is no next boot of ours. */
async function neverStart(service: string): Promise<void> {
  if (!(await exists('/run/systemd/system'))) return;
  await runCommand('systemctl', ['disable', '--now', service], { timeoutMs: 60_000 });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
